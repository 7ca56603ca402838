using System.Globalization;
using Madang.Kernel;
using Madang.Web.Pages.House;
using Microsoft.AspNetCore.Http;

namespace Madang.Web;

/// <summary>What is wrong with a form.</summary>
/// <param name="Field">The field it is about; null when it is about all of it.</param>
/// <param name="Text">What to tell the reader.</param>
public sealed record Wrong(string? Field, string Text);

/// <summary>A form as it was filled in, and what is wrong with it: shown again, nothing has to be typed twice.</summary>
public sealed class Filled(IFormCollection? form)
{
    /// <summary>A form that nobody filled in yet.</summary>
    public static Filled Empty { get; } = new(null);

    /// <summary>What is wrong; null for nothing.</summary>
    public Wrong? Wrong { get; init; }

    /// <summary>What stands in a field; null when nothing does.</summary>
    public string? this[string name] => form is not null && form.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text ? text : null;

    /// <summary>True when a form was sent.</summary>
    public bool IsSent => form is not null;

    /// <summary>All that was chosen under one name.</summary>
    public IReadOnlyList<string> All(string name) => form is not null && form.TryGetValue(name, out var values) ? [.. values.OfType<string>()] : [];

    /// <summary>A number; null when none is said.</summary>
    public long? Number(string name) =>
        this[name] is not { } text ? null : long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= int.MaxValue ? number : throw new InvalidInputException(name, "is a whole number");

    /// <summary>The end of a day of the city; null when none is said.</summary>
    public DateTimeOffset? EndOfDay(string name, TimeZoneInfo zone) => Days.End(name, this[name], zone);

    /// <summary>What is wrong with a field.</summary>
    public string? About(string name) => Wrong?.Field == name ? Wrong.Text : null;

    /// <summary>The same, with what is wrong.</summary>
    public Filled With(Wrong wrong) => new(form) { Wrong = wrong };
}
