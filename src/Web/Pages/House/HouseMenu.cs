using Madang.Trust;

namespace Madang.Web.Pages.House;

/// <summary>Which pages of the house somebody may open.</summary>
internal static class HouseMenu
{
    /// <summary>Where a page lies, without the language.</summary>
    public static string PathOf(string name) => name switch { "start" => "/house", "record" => "/record", _ => "/house/" + name };

    /// <summary>In order: <c>start</c> is everybody's own.</summary>
    public static IEnumerable<string> Of(Caller caller)
    {
        yield return "start";
        if (caller.MaySomewhere(Act.Read, Kinds.Person))
        {
            yield return "people";
        }

        if (caller.MaySomewhere(Act.Read, Kinds.Department))
        {
            yield return "departments";
        }

        if (caller.MaySomewhere(Act.Read, Kinds.Provider))
        {
            yield return "providers";
        }

        if (caller.MaySomewhere(Act.Manage, Kinds.Provider))
        {
            yield return "keys";
        }

        if (caller.May(Act.Write, Kinds.Thing, null) && caller.May(Act.Manage, Kinds.Provider, null))
        {
            yield return "doors";
        }

        if (caller.MaySomewhere(Act.Write, Kinds.Thing))
        {
            yield return "retention";
            yield return "deletions";
            yield return "webhooks";
        }

        if (caller.MaySomewhere(Act.Manage, Kinds.Limit))
        {
            yield return "limits";
        }

        if (caller.MaySomewhere(Act.Read, Kinds.Record))
        {
            yield return "record";
        }
    }
}
