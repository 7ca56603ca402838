using System.Globalization;
using Dapper;
using Madang.Operations.Duty;
using Madang.Operations.Incidents;
using Madang.Operations.Messages;
using Madang.Trust;

namespace Madang.Operations;

/// <summary>Whom to call about an incident. Telephones and addresses are for who may act on alerts; that they were looked at is recorded, for they are people's.</summary>
public sealed class CallListDesk
{
    private readonly IncidentPen pen;
    private readonly Departments departments;
    private readonly Recorder recorder;

    private readonly DutyHolders holders;

    internal CallListDesk(IncidentPen pen, Departments departments, DutyHolders holders, Recorder recorder) => (this.pen, this.departments, this.holders, this.recorder) = (pen, departments, holders, recorder);

    /// <summary>Whom to call about an incident now; null when there is none of this number.</summary>
    public async Task<CallList?> Find(long id, CancellationToken cancel)
    {
        IncidentPen.Demand(Act.Read);
        var hasNumbers = Caller.Current.MaySomewhere(Act.Write, Kinds.Alert);
        var onDuty = await holders.Held(await ReadRosters(cancel), cancel);
        CallList list;
        await using (var read = await pen.Database.Read(cancel))
        {
            if (await IncidentReader.Find(read, id, pen.Now) is not { } incident)
            {
                return null;
            }

            var words = Scenario.All.Where(scenario => scenario.Incident == incident.Kind).Select(scenario => scenario.Id)
                .Concat(await read.Connection.QueryAsync<string>("SELECT DISTINCT a.rule_id FROM alerts a JOIN incident_alerts i ON i.alert_id = a.id WHERE i.incident_id = @id LIMIT 100", new { id }, read.Transaction)).Append("*").ToHashSet();
            var contacts = await ContactRow.List(read);
            var phones = contacts.Where(contact => contact.Person is not null).ToDictionary(contact => contact.Person!, contact => contact.Phone);
            var rosters = onDuty.Where(roster => roster.Plan.Rules.Any(words.Contains) || IsOf(roster.Plan, incident.Department));
            list = new CallList(
                incident,
                [
                    .. from roster in rosters
                       from step in Enumerable.Range(1, roster.Plan.Steps.Count)
                       let holder = RosterRows.Holder(roster.Plan, step)
                       where holder.Person is not null
                       select new CallDuty(roster.Plan.Name, step, holder.Person!, hasNumbers ? phones.GetValueOrDefault(holder.Person!) : null, holder.Until!.Value),
                ],
                [
                    .. contacts.Where(contact => contact.Person is null && contact.Contact.Contact.Rules.Any(words.Contains))
                        .Select(contact => new CallContact(contact.Name, hasNumbers ? contact.Phone : null, hasNumbers ? contact.Email : null)),
                ],
                hasNumbers);
        }

        if (hasNumbers)
        {
            await recorder.Record(Caller.Current.Entry("contacts.list", Act.Write, Kinds.Alert) with { Kind = "incident", Thing = id.ToString(CultureInfo.InvariantCulture) });
        }

        return list;
    }

    private async Task<IReadOnlyList<DutyRoster>> ReadRosters(CancellationToken cancel)
    {
        await using var read = await pen.Database.Read(cancel);
        return await RosterRows.At(read, pen.Now);
    }

    /// <summary>True for the roster of the department that answers for the incident, by its name.</summary>
    private bool IsOf(DutyPlan plan, string? department) =>
        department is not null && plan.Department is { } id && departments.Find(id) is { } known && (known.NameKo == department || known.NameEn == department);
}
