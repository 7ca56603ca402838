using System.Text.Json.Serialization;

namespace Madang.Trust;

/// <summary>Whether a person can come in.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PersonState>))]
public enum PersonState
{
    /// <summary>Can sign in.</summary>
    [JsonStringEnumMemberName("active")]
    Active,

    /// <summary>Has not opened the letter of the invitation.</summary>
    [JsonStringEnumMemberName("invited")]
    Invited,

    /// <summary>Joined, and has not opened the letter that proves the address.</summary>
    [JsonStringEnumMemberName("unconfirmed")]
    Unconfirmed,

    /// <summary>Was locked out by an administrator.</summary>
    [JsonStringEnumMemberName("locked")]
    Locked,
}

/// <summary>Which people are asked for.</summary>
/// <param name="Text">A part of the name or address; null for all.</param>
/// <param name="Role">A role they have; null for any.</param>
/// <param name="Department">A department in which, or below which, they have a role; null for any.</param>
/// <param name="After">The id of the last person of the page before; null for the first page.</param>
/// <param name="Top">The most people of one page, up to <see cref="PeopleDesk.MostTop"/>.</param>
public sealed record PeopleQuery(string? Text = null, string? Role = null, long? Department = null, string? After = null, int Top = PeopleDesk.UsualTop);

/// <summary>One line of the list of people: as little as is needed to find somebody.</summary>
/// <param name="Id">The person's id.</param>
/// <param name="Name">What the person is called.</param>
/// <param name="Mail">The address with most of its letters hidden; null for demo people.</param>
/// <param name="IsDemo">True for a made-up person of the demo.</param>
/// <param name="State">Whether the person can come in.</param>
/// <param name="Grants">The roles that the caller may see.</param>
public sealed record PersonLine(string Id, string Name, string? Mail, bool IsDemo, PersonState State, IReadOnlyList<Grant> Grants);

/// <summary>A page of people in order of their names.</summary>
/// <param name="People">The lines.</param>
/// <param name="Next">What <see cref="PeopleQuery.After"/> says for the next page; null on the last.</param>
public sealed record PeoplePage(IReadOnlyList<PersonLine> People, string? Next);

/// <summary>A person as those who manage people see one.</summary>
/// <param name="Id">The person's id.</param>
/// <param name="Name">What the person is called.</param>
/// <param name="Mail">The address of e-mail; null for demo people.</param>
/// <param name="IsDemo">True for a made-up person of the demo.</param>
/// <param name="State">Whether the person can come in.</param>
/// <param name="Made">When the account was made.</param>
/// <param name="LockedAt">Since when the person is locked out; null for who is not.</param>
/// <param name="WaitsUntil">Until when no password is taken, after too many wrong ones; null for most.</param>
/// <param name="HasSecondFactor">True with an authenticator app or a passkey.</param>
/// <param name="Sessions">On how many devices the person is signed in.</param>
/// <param name="LastSeen">The last request of these; null without any.</param>
/// <param name="Grants">The roles that the caller may see.</param>
/// <param name="MayManage">True when the caller may lock the person out, let in and sign out: who manages every department in which the person has a role, and is somebody else.</param>
public sealed record PersonDetail(
    string Id, string Name, string? Mail, bool IsDemo, PersonState State, DateTimeOffset Made, DateTimeOffset? LockedAt, DateTimeOffset? WaitsUntil, bool HasSecondFactor, int Sessions, DateTimeOffset? LastSeen,
    IReadOnlyList<Grant> Grants, bool MayManage);
