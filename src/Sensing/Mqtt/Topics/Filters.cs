using System.Collections.Concurrent;
using Madang.Kernel;
using Madang.Sensing.Http;
using Madang.Sensing.Model;
using Madang.Sensing.Mqtt.Packets;
using Madang.Sensing.Query;
using Madang.Storage;
using Microsoft.Extensions.Options;

namespace Madang.Sensing.Mqtt.Topics;

/// <summary>Finds out what a filter asks for (OGC 18-088, 14.2). What leads nowhere, or to what its caller may not see, is refused as HTTP refuses it.</summary>
internal sealed class Filters(IDatabase database, EntityReader reader, Watches watches, LinkRoot links, IOptions<MqttOptions> options)
{
    private const int MostForms = 10_000;

    private readonly ConcurrentDictionary<(Profile Profile, string Set, string Text), Form> forms = [];

    /// <summary>The subscription that was asked for, for the caller who has been entered.</summary>
    /// <exception cref="BadFilterException">It cannot be subscribed to; its reason says why.</exception>
    public async Task<Subscription> Resolve(AskedSubscription asked, uint? identifier, CancellationToken cancel)
    {
        var filter = asked.Filter;
        CheckForm(filter);
        var subscription = new Subscription(filter, asked.Qos, asked.NoLocal, identifier);
        if (filter.AsSpan().IndexOfAny('+', '#') >= 0 && !filter.Contains('?', StringComparison.Ordinal))
        {
            return subscription with { Pattern = Pattern(filter) };
        }

        var (root, rest) = TopicRoot.Find(filter) ?? throw NoTopic($"begins with none of {string.Join(", ", TopicRoot.All.Select(known => known.Text + "/"))}");
        return subscription with { Watch = await Look(filter, root, rest, cancel) };
    }

    private async Task<Watch> Look(string filter, TopicRoot root, string rest, CancellationToken cancel)
    {
        var question = rest.IndexOf('?', StringComparison.Ordinal);
        var path = ResourcePath.Parse(question < 0 ? rest : rest[..question]);
        var select = question < 0 ? null : Select(rest[(question + 1)..]);
        if (path.Count == 0)
        {
            throw NoTopic("names no entity set");
        }

        await using var read = await database.Read(cancel);
        var resource = await Resource.Resolve(read, database.Engine, reader, root.Profile, path);
        if (resource.Raw || (resource.Property is not null && select is not null))
        {
            throw NoTopic("asks for a raw value, or for a part of one property; leave that out");
        }

        var form = FormOf(root.Profile, resource, select);
        if (resource.Id is not { } id)
        {
            return new Watch(filter, form, resource.Parent is { } parent ? ParentKey.Of(parent.Navigation, parent.Id) : null, null);
        }

        var (_, row) = await reader.Find(read, database.Engine, form.Set, id, form.Options) ?? throw ResourcePath.NoEntity(form.Set, id);
        // A form that nobody else uses: the notifier alone writes the shared ones.
        var now = new Form(root.Profile, form.Set, select, resource.Property, links.Text).Write(row);
        return watches.Find(filter) ?? new Watch(filter, form, null, id) { LastPayload = now };
    }

    private Form FormOf(Profile profile, Resource resource, IReadOnlyList<string>? select)
    {
        foreach (var name in select ?? [])
        {
            SelectPath.Check(resource.Set, name);
        }

        var text = resource.Property is { } property ? "/" + property.Name : select is null ? "" : string.Join(',', select.Order(StringComparer.Ordinal));
        var key = (profile, resource.Set.Name, text);
        if (forms.Count >= MostForms && !forms.ContainsKey(key))
        {
            return new Form(profile, resource.Set, select, resource.Property, links.Text);
        }

        return forms.GetOrAdd(key, _ => new Form(profile, resource.Set, select, resource.Property, links.Text));
    }

    private static IReadOnlyList<string>? Select(string query)
    {
        var options = query.Split('&').Select(option =>
        {
            var equals = option.IndexOf('=', StringComparison.Ordinal);
            return equals > 0 ? KeyValuePair.Create(Uri.UnescapeDataString(option[..equals]), Uri.UnescapeDataString(option[(equals + 1)..])) : throw new InvalidInputException(option, "is not of the form $select=names");
        }).ToList();
        return options.Find(option => option.Key != "$select") is { Key: { } other }
            ? throw new InvalidInputException(other, "does not apply to a topic; only $select does")
            : OptionsParser.Parse(options, 1).Select;
    }

    private void CheckForm(string filter)
    {
        if (filter.Length == 0 || filter.Length > options.Value.MaxTopicLength)
        {
            throw NoTopic($"has 1 to {options.Value.MaxTopicLength} characters");
        }

        if (filter.StartsWith("$share/", StringComparison.Ordinal))
        {
            throw new BadFilterException(Reason.SharedSubscriptionsNotSupported, "Shared subscriptions are not offered.");
        }

        var levels = filter.Contains('?', StringComparison.Ordinal) ? filter[..filter.IndexOf('?', StringComparison.Ordinal)].Split('/') : filter.Split('/');
        for (var at = 0; at < levels.Length; at++)
        {
            // "+" and "#" stand alone in their level, "#" in the last (4.7.1). "Datastreams(+)" is no wildcard.
            if ((levels[at].Contains('+', StringComparison.Ordinal) && levels[at] != "+") || (levels[at].Contains('#', StringComparison.Ordinal) && (levels[at] != "#" || at < levels.Length - 1)))
            {
                throw NoTopic($"has a wildcard in '{levels[at]}' that does not stand alone, or a '#' before its end");
            }
        }
    }

    private static (TopicRoot Root, string Below) Pattern(string filter) =>
        filter == "#" ? (TopicRoot.Usual, "#")
        : filter.StartsWith("+/", StringComparison.Ordinal) ? (TopicRoot.Usual, filter[2..])
        : TopicRoot.Find(filter) ?? throw NoTopic($"begins with none of {string.Join(", ", TopicRoot.All.Select(known => known.Text + "/"))}, + and #");

    private static BadFilterException NoTopic(string reason) => new(Reason.TopicFilterInvalid, $"The topic filter {reason}.");
}

/// <summary>A filter that cannot be subscribed to.</summary>
internal sealed class BadFilterException(Reason reason, string message) : Exception(message)
{
    public Reason Reason { get; } = reason;
}
