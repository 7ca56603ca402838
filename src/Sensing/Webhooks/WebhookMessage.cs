using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Madang.Sensing.Webhooks;

/// <summary>A message on its way, signed as Standard Webhooks says (standard-webhooks, version 1): HMAC-SHA256 over id, time and body.</summary>
internal static class WebhookMessage
{
    private const string Prefix = "whsec_";

    /// <summary>A new secret; 24 bytes, as Standard Webhooks asks at least.</summary>
    public static string MakeSecret() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(24));

    public static string Sign(string secret, string id, long seconds, string body) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret[Prefix.Length..]), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{seconds}.{body}"))));

    public static HttpRequestMessage Make(string url, string secret, string id, string body, DateTimeOffset now)
    {
        var seconds = now.ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")) };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", seconds.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", Sign(secret, id, seconds, body));
        request.Headers.UserAgent.ParseAdd("Madang");
        return request;
    }
}
