using System.ComponentModel.DataAnnotations;

namespace Madang.Operations;

/// <summary>How text messages leave the house; configuration section <c>Sms</c>. Without an address or a folder there is no such way.</summary>
public sealed class SmsOptions
{
    /// <summary>The address of a provider of text messages, called with JSON: <c>{ "id", "to", "text" }</c>. Any answer of 2xx means that it was taken.</summary>
    [RegularExpression(@"https?://\S+", ErrorMessage = "must be an address that begins with https://")]
    public string? Url { get; set; }

    /// <summary>The provider's key, sent as <c>Authorization: Bearer</c>; none when not set.</summary>
    public string? Key { get; set; }

    /// <summary>Allows an address inside the city's own network, and without TLS. Default no.</summary>
    public bool Inside { get; set; }

    /// <summary>Where text messages are put as files when there is no <see cref="Url"/>, to look at; they are deleted after a week.</summary>
    public string? Folder { get; set; }
}
