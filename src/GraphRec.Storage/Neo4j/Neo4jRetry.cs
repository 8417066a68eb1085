using Polly;
using Polly.Retry;

namespace GraphRec.Storage.Neo4j;

/// <summary>
/// Tries again what failed in a way that passes: with exponential, jittered waits, or the wait that the server asked for.
/// </summary>
/// <remarks>
/// It stands around whole transactions, and not around HTTP requests: Neo4j tells of deadlocks and the like in answers
/// with status 200 or 202, which no retry of requests sees, and what is to be run again is the transaction that was rolled back.
/// </remarks>
internal sealed class Neo4jRetry
{
    private readonly Neo4jOptions _options;
    private readonly Neo4jBookmarks _bookmarks;
    private readonly ResiliencePipeline _pipeline;

    public Neo4jRetry(Neo4jOptions options, Neo4jBookmarks bookmarks)
    {
        (_options, _bookmarks) = (options, bookmarks);
        if (options.Attempts == 1)
        {
            _pipeline = ResiliencePipeline.Empty;
            return;
        }
        var (random, one) = (new Random(options.RetrySeed), new Lock());
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = options.Clock }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = options.Attempts - 1,
                Delay = options.RetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Randomizer = () =>
                {
                    lock (one) return random.NextDouble();
                },
                ShouldHandle = new PredicateBuilder().Handle<Neo4jException>(static e => e.TryAgain),
                DelayGenerator = static args => ValueTask.FromResult((args.Outcome.Exception as Neo4jException)?.RetryAfter),
            })
            .Build();
    }

    /// <summary>Runs an attempt, and another when it failed in a way that passes and it may be run again.</summary>
    /// <param name="attempt">Is told which one it is, from 1.</param>
    /// <param name="mayRunAgain">Whether what failed so can be run again without harm.</param>
    /// <param name="cancel">Cancels waits too.</param>
    public async Task<T> RunAsync<T>(Func<int, Task<T>> attempt, Func<Neo4jException, bool> mayRunAgain, CancellationToken cancel)
    {
        var (number, started) = (0, _options.Clock.GetTimestamp());
        return await _pipeline.ExecuteAsync(
            async _ =>
            {
                try
                {
                    return await attempt(++number).ConfigureAwait(false);
                }
                catch (Neo4jException e)
                {
                    if (Neo4jHttp.IsUnknownBookmark(e.Code)) _bookmarks.Forget();
                    e.TryAgain = e.Transient && mayRunAgain(e) && _options.Clock.GetElapsedTime(started) + (e.RetryAfter ?? TimeSpan.Zero) < _options.RetryFor;
                    throw;
                }
            },
            cancel).ConfigureAwait(false);
    }
}
