using GraphQL;
using GraphQL.Utilities;

namespace GraphRec.Api.Schema;

/// <summary>The public schema. Types take nothing from outside; what resolvers need comes with the request.</summary>
internal sealed class GraphRecSchema : GraphQL.Types.Schema
{
    public GraphRecSchema()
    {
        Description = "Recommendations of dramas with reasons that can be proved: every reason names its path through the graph, and every score its ledger. "
            + "Errors carry extensions.code: BAD_USER_INPUT, NOT_FOUND, STORE_UNAVAILABLE, TIMEOUT, QUERY_TOO_DEEP, QUERY_TOO_COMPLEX, INTERNAL_SERVER_ERROR and, for requests that are not valid GraphQL, GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED and OPERATION_RESOLUTION_FAILURE.";
        Query = new QueryType();
        Mutation = new MutationType();
        this.Initialize();
    }

    /// <summary>The schema definition language, in the order the types are declared in.</summary>
    public string Sdl() => this.Print(new PrintOptions { IncludeDescriptions = true, StringComparison = null }).ReplaceLineEndings("\n").TrimEnd() + "\n";
}
