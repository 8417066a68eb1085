using GraphQL.Types;
using GraphQLParser;
using GraphQLParser.AST;
using GraphRec.Api;
using GraphRec.Api.Schema;
using GraphRec.Core;

namespace GraphRec.EndToEnd;

public sealed class SchemaTests
{
    private const string UpdateVariable = "GRAPHREC_UPDATE_SCHEMA";

    /// <summary>The shape promised to clients. Fields may be added to the schema; these stay as they are.</summary>
    private const string Promised = """
        type Query {
          home(userId: ID!, rows: Int = 8, itemsPerRow: Int = 12, context: ContextInput): HomePage!
          recommendations(userId: ID!, first: Int = 20, after: String, exclude: [ID!], filter: DramaFilter, context: ContextInput): RecommendationConnection!
          similarDramas(dramaId: ID!, first: Int = 20, userId: ID): [Recommendation!]!
          explain(userId: ID!, dramaId: ID!): Explanation!
          drama(id: ID!): Drama
          person(id: ID!): Person
          genre(name: String!): Genre
          user(id: ID!): User
          graph: GraphInfo!
          curation: Curation!
          curationPreview(change: EdgeChange!, edge: EdgeInput!, sampleSize: Int = 200): CurationPreview!
        }
        type Curation { issues(kind: String, first: Int = 100): [CurationIssue!]!  issueCount: Int! }
        type CurationIssue { kind: String!  subject: String!  advice: String! }
        enum EdgeChange { ADD REMOVE }
        input EdgeInput { type: EdgeType!  from: ID!  to: ID!  character: String  billing: String  order: Int }
        type CurationPreview { viewersTotal: Int!  viewersConnected: Int!  viewersSampled: Int!  viewersChanged: Int!  viewers(first: Int = 20): [ViewerChange!]! }
        type ViewerChange { userId: ID!  rowsAdded: [String!]!  rowsRemoved: [String!]!  entering: [PlaceChange!]!  leaving: [PlaceChange!]!  moved: [PlaceChange!]! }
        type Mutation { recordEvents(events: [EventInput!]!): RecordEventsPayload! }
        type HomePage { userId: ID!  rows: [Row!]!  graphVersion: String!  modelVersion: String!  degraded: Boolean! }
        type Row { id: ID!  kind: RowKind!  title: String!  reason: Reason!  items: [Recommendation!]! }
        type Recommendation { drama: Drama!  score: Float!  matchPercent: Int!  reason: Reason!  ledger: [Contribution!]!  attributionId: ID! }
        type Reason { kind: ReasonKind!  text: String!  paths: [GraphPath!]! }
        type GraphPath { nodes: [PathNode!]!  edges: [PathEdge!]!  share: Float! }
        type PathNode { id: ID!  kind: NodeKind!  label: String! }
        type PathEdge { type: EdgeType!  from: ID!  to: ID!  detail: String }
        type Contribution { source: String!  value: Float! }
        type Explanation { drama: Drama!  recommended: Boolean!  rank: Int  score: Float  reasons: [Reason!]!  ledger: [Contribution!]!  whyNot: [String!]! }
        input EventInput { id: ID  userId: ID!  dramaId: ID!  kind: EventKind!  value: Float  at: DateTime  attributionId: ID  context: ContextInput }
        input ContextInput { device: String  region: String  at: DateTime }
        enum EventKind { IMPRESSION CLICK WATCH RATE REVIEW WATCHLIST_ADD WATCHLIST_REMOVE SKIP }
        type RecordEventsPayload { accepted: Int!  duplicates: Int!  errors: [EventError!]! }
        type EventError { index: Int!  eventId: ID!  code: String!  message: String! }
        type Drama { id: ID!  title: String!  genres: [Genre!]!  tags: [String!]!  networks: [String!]!  cast(first: Int = 10): [CastMember!]!
          directors: [Person!]!  writers: [Person!]!  airedFrom: Date  airedTo: Date  follows: Drama  nextSeason: Drama }
        type User { id: ID!  known: Boolean!  simulated: Boolean!  history(first: Int = 20): [HistoryEntry!]! }
        type RecommendationConnection { edges: [RecommendationEdge!]!  nodes: [Recommendation!]!  pageInfo: PageInfo! }
        type PageInfo { hasNextPage: Boolean!  hasPreviousPage: Boolean!  startCursor: String  endCursor: String }
        """;

    [Fact]
    public void The_printed_schema_is_current()
    {
        var file = Path.Combine(Server.Root, "docs", "schema.graphql");
        var current = GraphRecApi.SchemaDefinition();
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1") File.WriteAllText(file, current);
        Assert.True(File.Exists(file) && File.ReadAllText(file) == current,
            $"docs/schema.graphql is not the schema that is served. Write it anew with {UpdateVariable}=1 dotnet test --project tests/GraphRec.EndToEnd, and read the difference before you commit it.");
    }

    [Fact]
    public void Everything_promised_is_served_as_promised()
    {
        var served = Members(Parser.Parse(GraphRecApi.SchemaDefinition()));
        var promised = Members(Parser.Parse(Promised));
        Assert.True(promised.Count > 100);
        Assert.Empty(promised.Except(served));
    }

    [Fact]
    public void Everything_is_described()
    {
        using var schema = new GraphRecSchema();
        var bare = new List<string>();
        foreach (var type in schema.AllTypes.Where(t => !t.Name.StartsWith("__", StringComparison.Ordinal)))
        {
            if (string.IsNullOrWhiteSpace(type.Description) && type.GetType().Assembly == typeof(GraphRecSchema).Assembly) bare.Add(type.Name);
            if (type is EnumerationGraphType named) bare.AddRange(named.Values.Where(v => string.IsNullOrWhiteSpace(v.Description)).Select(v => $"{type.Name}.{v.Name}"));
            if (type is not IComplexGraphType complex) continue;
            foreach (var field in complex.Fields)
            {
                if (string.IsNullOrWhiteSpace(field.Description)) bare.Add($"{type.Name}.{field.Name}");
                bare.AddRange((field.Arguments ?? []).Where(a => string.IsNullOrWhiteSpace(a.Description)).Select(a => $"{type.Name}.{field.Name}({a.Name})"));
            }
        }
        Assert.Empty(bare);
    }

    [Fact]
    public void Edge_types_are_named_as_in_Cypher() =>
        Assert.All(Enum.GetValues<EdgeType>(), type => Assert.Equal(type.Name(), EnumNames<EdgeType>.Of(type)));

    /// <summary>One line per field, argument and enum value, with its full type and default.</summary>
    private static HashSet<string> Members(GraphQLDocument document)
    {
        var members = new HashSet<string>();
        foreach (var definition in document.Definitions)
        {
            switch (definition)
            {
                case GraphQLObjectTypeDefinition type:
                    foreach (var field in type.Fields ?? Enumerable.Empty<GraphQLFieldDefinition>())
                    {
                        members.Add($"{type.Name.StringValue}.{field.Name.StringValue}: {TypeText(field.Type)}");
                        foreach (var argument in field.Arguments ?? Enumerable.Empty<GraphQLInputValueDefinition>())
                            members.Add($"{type.Name.StringValue}.{field.Name.StringValue}({argument.Name.StringValue}: {TypeText(argument.Type)} = {(argument.DefaultValue as GraphQLIntValue)?.Value})");
                    }
                    break;
                case GraphQLInputObjectTypeDefinition input:
                    foreach (var field in input.Fields!) members.Add($"input {input.Name.StringValue}.{field.Name.StringValue}: {TypeText(field.Type)}");
                    break;
                case GraphQLEnumTypeDefinition named:
                    foreach (var value in named.Values!) members.Add($"{named.Name.StringValue}.{value.Name.StringValue}");
                    break;
            }
        }
        return members;
    }

    private static string TypeText(GraphQLType type) => type switch
    {
        GraphQLNonNullType required => TypeText(required.Type) + "!",
        GraphQLListType list => $"[{TypeText(list.Type)}]",
        GraphQLNamedType named => named.Name.StringValue,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}
