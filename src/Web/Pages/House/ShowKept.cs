using Madang.Sensing;
using Microsoft.AspNetCore.Http;

namespace Madang.Web.Pages.House;

/// <summary>What did not fit through a device door: send it again, or destroy it.</summary>
internal static class ShowKept
{
    internal static async Task<IResult> Replay(Visit visit, string name, long id, DeviceDoors doors, CancellationToken cancel)
    {
        var answer = await doors.Replay(name, id, cancel);
        return Done(visit, name, answer.Kept.Count == 0 ? "replayed" : "still-kept");
    }

    internal static async Task<IResult> ReplayAll(Visit visit, string name, DeviceDoors doors, CancellationToken cancel)
    {
        var replayed = await doors.ReplayAll(name, cancel);
        return Done(visit, name, !replayed.IsAll ? "some" : replayed.Kept == 0 ? "replayed" : "still-kept");
    }

    internal static async Task<IResult> Delete(Visit visit, string name, long id, DeviceDoors doors, CancellationToken cancel)
    {
        await doors.DeleteKept(name, id, cancel);
        return Done(visit, name, "removed");
    }

    internal static async Task<IResult> DeleteAll(Visit visit, string name, DeviceDoors doors, CancellationToken cancel)
    {
        if (HouseForm.AskProof(visit, $"{ShowDoors.Path}/{name}") is { } proof)
        {
            return proof;
        }

        await doors.DeleteKept(name, null, cancel);
        return Done(visit, name, "removed");
    }

    private static IResult Done(Visit visit, string name, string done) => HouseForm.Done(visit, $"{ShowDoors.Path}/{name}", done);
}
