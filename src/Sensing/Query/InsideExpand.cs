using Madang.Kernel;

namespace Madang.Sensing.Query;

/// <summary>Says of what is wrong inside <c>$expand</c> where it stands: <c>$filter: (in $expand=Datastreams/Observations) …</c>.</summary>
internal static class InsideExpand
{
    private const string Sign = "(in $expand=";

    public static T Of<T>(string navigation, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (InvalidInputException wrong)
        {
            throw At(navigation, wrong);
        }
    }

    public static async Task Of(string navigation, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (InvalidInputException wrong)
        {
            throw At(navigation, wrong);
        }
    }

    private static InvalidInputException At(string navigation, InvalidInputException wrong) =>
        new(wrong.Field, Sign + navigation + (wrong.Reason.StartsWith(Sign, StringComparison.Ordinal) ? "/" + wrong.Reason[Sign.Length..] : ") " + wrong.Reason), wrong.Status);
}
