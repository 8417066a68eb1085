using GraphRec.Core;

namespace GraphRec.Recommend;

public sealed class Recommender
{
    public HomePage Home(string userId, int rows, int itemsPerRow, RequestContext context, CancellationToken cancel) => throw new NotImplementedException();
    public RecommendationPage Recommend(string userId, int first, int offset, IReadOnlyList<string> exclude, DramaFilter filter, RequestContext context, CancellationToken cancel) => throw new NotImplementedException();
    public IReadOnlyList<Recommendation> Similar(string dramaId, int first, string? userId, CancellationToken cancel) => throw new NotImplementedException();
    public Explanation Explain(string userId, string dramaId, CancellationToken cancel) => throw new NotImplementedException();
}

public sealed class EventPipeline
{
    public Task<RecordEventsResult> RecordAsync(IReadOnlyList<ViewerEvent> events, CancellationToken cancel) => throw new NotImplementedException();
}
