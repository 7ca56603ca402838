using Madang.Kernel;
using Madang.Sensing.Model;
using Madang.Sensing.Query;
using Madang.Storage;

namespace Madang.Sensing.Http;

/// <summary>What an address means: a collection, an entity, or one property of an entity.</summary>
internal sealed record Resource(EntitySet Set, Parent? Parent, long? Id, Property? Property, bool Raw)
{
    /// <summary>Walks a path link by link; a link that leads nowhere is answered with 404.</summary>
    public static async Task<Resource> Resolve(ReadScope read, Engine engine, EntityReader reader, Profile profile, IReadOnlyList<PathSegment> path)
    {
        var set = profile.Find(path[0].Name) ?? throw ResourcePath.NotFound($"The entity set '{path[0].Name}'");
        var at = new Resource(set, null, path[0].Id, null, false);
        for (var index = 1; index < path.Count; index++)
        {
            var segment = path[index];
            if (at.Property is not null)
            {
                at = segment is { Name: "$value", Id: null } && index == path.Count - 1 ? at with { Raw = true } : throw ResourcePath.NotFound($"'{segment.Name}' behind a property");
                continue;
            }

            if (at.Id is not { } id)
            {
                throw segment.Name[0] == '$'
                    ? new InvalidInputException("path", $"'{segment.Name}' is not offered yet", 501)
                    : new InvalidInputException("path", $"'{segment.Name}' follows a collection; name one entity by its id before it");
            }

            at = await at.Follow(read, engine, reader, id, segment);
        }

        return at;
    }

    private async Task<Resource> Follow(ReadScope read, Engine engine, EntityReader reader, long id, PathSegment segment)
    {
        if (Set.FindNavigation(segment.Name) is not { } navigation)
        {
            return Set.FindProperty(segment.Name) is { } property && segment.Id is null
                ? this with { Property = property }
                : segment.Name[0] == '$'
                    ? throw new InvalidInputException("path", $"'{segment.Name}' is not offered yet", 501)
                    : throw ResourcePath.NotFound($"'{segment.Name}' of {Set.Type}");
        }

        await MustExist(read, engine, reader);
        var parent = new Parent(navigation, id);
        var target = navigation.Target();
        if (navigation.Many && segment.Id is null)
        {
            return new Resource(target, parent, null, null, false);
        }

        if (!navigation.Many && segment.Id is not null)
        {
            throw new InvalidInputException("path", $"'{navigation.Name}' leads to one entity and takes no id");
        }

        var child = await reader.FindChild(read, engine, parent, segment.Id) ?? throw ResourcePath.NotFound($"That {target.Type} of {Set.Type} {id}");
        return new Resource(target, null, child, null, false);
    }

    public async Task MustExist(ReadScope read, Engine engine, EntityReader reader)
    {
        if (Id is { } id && await reader.Find(read, engine, Set, id, new QueryOptions { Select = ["id"] }) is null)
        {
            throw ResourcePath.NoEntity(Set, id);
        }
    }
}
