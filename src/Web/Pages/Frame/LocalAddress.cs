namespace Madang.Web.Pages.Frame;

/// <summary>An address of this site alone: nobody is sent elsewhere from here.</summary>
internal static class LocalAddress
{
    /// <summary>The address when it lies on this site; null otherwise.</summary>
    public static string? Of(string? address) =>
        address is ['/', ..] and not ['/', '/' or '\\', ..] && address.Length < 2000 && address.All(letter => letter is > ' ' and not '\\' and < (char)127) ? address : null;
}
