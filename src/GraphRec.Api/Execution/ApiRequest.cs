using GraphRec.Api.Schema;
using GraphRec.Graph;
using GraphRec.Recommend;

namespace GraphRec.Api.Execution;

/// <summary>What answers are made from.</summary>
internal sealed record ApiServices(
    Recommender Recommender, EventPipeline Events, LiveGraph Graph, TimeProvider Clock, ApiMetrics Metrics, ApiOptions Options);

/// <summary>
/// One request: takes the graph once, so that one answer comes from one version. (A dictionary, because the library
/// hands only those to resolvers; it stays empty.)
/// </summary>
internal sealed class ApiRequest(ApiServices services, CancellationToken cancel) : Dictionary<string, object?>(0)
{
    private GraphState? _state;
    private Catalogue? _catalogue;

    public ApiServices Services => services;
    public CancellationToken Cancel => cancel;
    public GraphState State => _state ??= services.Graph.State;
    public Catalogue Catalogue => _catalogue ??= Catalogue.Of(State.Snapshot);
}
