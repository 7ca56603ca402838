using Madang.Operations;
using Madang.Places;
using Madang.Sensing;
using Madang.Storage;
using Madang.Trust;
using Madang.Web;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddStorage().AddTrust().AddPlaces().AddSensing().AddOperations().AddWeb();
var app = builder.Build();
await app.PrepareStore(CancellationToken.None);
app.UseAuthentication();
app.UseAuthorization();
app.MapPlaces().MapSensing().MapOperations().MapWeb();
await app.RunAsync();
