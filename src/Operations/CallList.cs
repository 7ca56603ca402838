namespace Madang.Operations;

/// <summary>Whom to call about an incident.</summary>
/// <param name="Incident">The incident.</param>
/// <param name="Duty">Who is on duty now, of the rosters that answer for such an incident, its department or its alerts.</param>
/// <param name="Contacts">The contacts that name the same.</param>
/// <param name="HasNumbers">True when the reader may see how they are reached.</param>
public sealed record CallList(Incident Incident, IReadOnlyList<CallDuty> Duty, IReadOnlyList<CallContact> Contacts, bool HasNumbers);

/// <summary>Somebody on duty.</summary>
/// <param name="Roster">What people call the roster.</param>
/// <param name="Step">The step, counted from 1.</param>
/// <param name="Person">The id of an account.</param>
/// <param name="Phone">The telephone; null when none is given, and for who may not know.</param>
/// <param name="Until">Until when.</param>
public sealed record CallDuty(RuleText Roster, int Step, string Person, string? Phone, DateTimeOffset Until);

/// <summary>A department, a partner or a program.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Phone">The telephone; null when none is given, and for who may not know.</param>
/// <param name="Email">The address of e-mail; the same.</param>
public sealed record CallContact(string Name, string? Phone, string? Email);
