using System.Runtime.ExceptionServices;
using Madang.Kernel;
using Madang.Sensing.Http;
using Madang.Sensing.Model;
using Madang.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Madang.Sensing.Batch;

/// <summary>
/// POST $batch: many requests in one, in their order. What stands in a change set is done whole or not at all, in one
/// transaction. After the first that fails the rest is not run, unless <c>Prefer: odata.continue-on-error</c> asks for it
/// (OData 4.01 Part 1, 8.2.8.3).
/// </summary>
internal sealed class PostBatch(IDatabase database, InnerRequests requests, Wire wire, IOptions<SensingOptions> options, IOptions<StorageOptions> storage, TimeProvider clock)
{
    public async Task Handle(HttpContext context, Profile profile)
    {
        var type = context.Request.GetTypedHeaders().ContentType;
        if (type is not null && type.MediaType.Equals("multipart/mixed", StringComparison.OrdinalIgnoreCase))
        {
            var items = await MultipartBatch.Read(await Wire.ReadBytes(context.Request, context.RequestAborted), MultipartBatch.BoundaryOf(type), options.Value.MaxBatch, context.RequestAborted);
            await MultipartBatch.Write(context.Response, await Run(context, profile, items));
            return;
        }

        var (document, _) = await wire.Read(context.Request, context.RequestAborted);
        using (document)
        {
            var items = JsonBatch.Read(document.RootElement, options.Value.MaxBatch);
            await JsonBatch.Write(context.Response, items, await Run(context, profile, items));
        }
    }

    private async Task<List<BatchAnswer>> Run(HttpContext context, Profile profile, List<BatchItem> items)
    {
        var goesOn = context.Request.Headers["Prefer"].ToString().Contains("continue-on-error", StringComparison.OrdinalIgnoreCase);
        var created = new Dictionary<string, string>();
        var answers = new List<BatchAnswer>();
        var number = 0;
        var reading = TimeSpan.Zero;
        foreach (var item in items)
        {
            if (item.Requests is [{ IsRead: true }] && reading > storage.Value.QueryLimit)
            {
                // All reads of a batch together may take what one may take alone.
                answers.Add(new BatchAnswer(item, [InnerAnswer.Refused(new InvalidInputException($"requests[{number}]", $"was not run: the reads before it took {storage.Value.QueryLimit.TotalSeconds:0} seconds; send it in another batch", StatusCodes.Status413PayloadTooLarge))], null));
                number++;
                if (!goesOn)
                {
                    break;
                }

                continue;
            }

            var began = clock.GetTimestamp();
            var answer = item.IsAtomic ? await RunSet(context, profile, item, created, number) : await RunOne(context, profile, item, created, number);
            reading += item.Requests is [{ IsRead: true }] ? clock.GetElapsedTime(began) : TimeSpan.Zero;
            answers.Add(answer);
            number += item.Requests.Count;
            if (!goesOn && (answer.FailedAt is not null || answer.Answers.Any(each => each.Failed)))
            {
                break;
            }
        }

        return answers;
    }

    private async Task<BatchAnswer> RunOne(HttpContext context, Profile profile, BatchItem item, Dictionary<string, string> created, int number) =>
        new(item, [await Run(context, profile, item.Requests[0], created, null, number)], null);

    private async Task<BatchAnswer> RunSet(HttpContext context, Profile profile, BatchItem item, Dictionary<string, string> created, int number)
    {
        var answers = new List<InnerAnswer>();
        var made = new Dictionary<string, string>();
        var told = new List<Action>();
        try
        {
            await database.Write(
                async scope =>
                {
                    // A race that was lost runs it again from the beginning.
                    answers.Clear();
                    told.Clear();
                    made = new Dictionary<string, string>(created);
                    foreach (var request in item.Requests)
                    {
                        var set = new ChangeSet(scope);
                        answers.Add(await Run(context, profile, request, made, set, number + answers.Count));
                        if (answers[^1].Failed)
                        {
                            throw Undone(set);
                        }

                        told.AddRange(set.WhenCommitted);
                    }
                },
                context.RequestAborted);
        }
        catch (UndoneException)
        {
            return new BatchAnswer(item, answers, answers.Count - 1);
        }

        told.ForEach(tell => tell());
        foreach (var (id, entity) in made)
        {
            created[id] = entity;
        }

        return new BatchAnswer(item, answers, null);
    }

    /// <summary>What ends the transaction: an answer that the client is given, or a failure of the store that the store itself knows how to meet.</summary>
    private static UndoneException Undone(ChangeSet set)
    {
        if (set.Failure is { } failure and not (InvalidInputException or CityRuleException))
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return new UndoneException();
    }

    private async Task<InnerAnswer> Run(HttpContext context, Profile profile, BatchRequest request, Dictionary<string, string> created, ChangeSet? set, int number)
    {
        InnerAnswer answer;
        try
        {
            var resolved = request.Resolve(profile, created, address => wire.IsOurs(context.Request, address), $"requests[{number}]");
            answer = set is not null && resolved.IsRead
                ? throw new InvalidInputException($"requests[{number}].method", "reads in a change set; only what changes something stands there")
                : await requests.Run(context, resolved, set);
        }
        catch (InvalidInputException invalid)
        {
            // It never became a request; its neighbours may have been done, and so the answer is its own.
            answer = InnerAnswer.Refused(invalid);
        }

        if (request.Id is { } id && answer is { Status: StatusCodes.Status201Created } && answer.Headers.Location.ToString() is { Length: > 0 } location)
        {
            created[id] = location[(location.LastIndexOf('/') + 1)..];
        }

        return answer;
    }

    private sealed class UndoneException : Exception;
}
