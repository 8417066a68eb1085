using System.Text;
using GraphQL.Types;
using GraphQL.Validation;
using GraphQLParser.AST;
using GraphRec.Api.Schema;

namespace GraphRec.Api.Execution;

/// <summary>A field of the answer: selections with the same response name, merged.</summary>
/// <param name="ResponseName">Its name, or its alias.</param>
/// <param name="Definition">The field in the schema; one of ours, of introspection, or null for <c>__typename</c>.</param>
/// <param name="Node">The first selection; validation makes sure that all have the same arguments.</param>
internal sealed record PlanField(string ResponseName, FieldType? Definition, GraphQLField Node)
{
    /// <summary>The response name as JSON, with its colon.</summary>
    public byte[] Prefix { get; } = Encoding.UTF8.GetBytes($"\"{ResponseName}\":");

    /// <summary>For <c>__typename</c>: the answer as JSON.</summary>
    public byte[] TypeName { get; init; } = [];
    public PlanField[] Children { get; set; } = [];
}

/// <summary>An operation with its fragments laid out. Holds for any variables when <see cref="IsReusable"/>.</summary>
internal sealed record Plan(PlanField[] Fields, bool Introspects, bool IsReusable);

/// <summary>
/// Lays out an operation (GraphQL specification, CollectFields), and stops where it is too deep or has too many fields:
/// fragments that spread others several times grow exponentially.
/// </summary>
internal sealed class PlanBuilder(GraphRecSchema schema, GraphQLDocument document, IValidationResult validation, ApiOptions options)
{
    private int _fields;
    private bool _conditional;
    private bool _introspects;

    public Plan Build(GraphQLOperationDefinition operation)
    {
        var root = operation.Operation == OperationType.Mutation ? schema.Mutation! : schema.Query;
        var fields = Build(root, [operation.SelectionSet], 1);
        return new Plan(fields, _introspects, !_conditional);
    }

    private PlanField[] Build(IObjectGraphType type, List<GraphQLSelectionSet> selections, int depth)
    {
        if (depth > options.MaxDepth)
        {
            throw new RequestRejectedException(400, new ResponseError(
                ApiErrorCodes.QueryTooDeep, $"The query nests fields more than {options.MaxDepth} deep. Ask for less in one go, or follow up with a second query by id."));
        }
        var merged = new Dictionary<string, (PlanField Field, List<GraphQLSelectionSet> Below)>(StringComparer.Ordinal);
        var order = new List<string>();
        foreach (var selection in selections) Collect(type, selection, merged, order, []);
        var fields = new PlanField[order.Count];
        for (var i = 0; i < fields.Length; i++)
        {
            var (field, below) = merged[order[i]];
            if (below.Count > 0 && Named(field.Definition?.ResolvedType) is IObjectGraphType child) field.Children = Build(child, below, depth + 1);
            fields[i] = field;
        }
        return fields;
    }

    private void Collect(
        IObjectGraphType type, GraphQLSelectionSet selections,
        Dictionary<string, (PlanField Field, List<GraphQLSelectionSet> Below)> merged, List<string> order, HashSet<string> spread)
    {
        foreach (var selection in selections.Selections)
        {
            if (selection is IHasDirectivesNode { Directives.Count: > 0 } && !Included(selection)) continue;
            switch (selection)
            {
                case GraphQLField field:
                    var name = field.Alias?.Name.StringValue ?? field.Name.StringValue;
                    if (!merged.TryGetValue(name, out var known))
                    {
                        merged.Add(name, known = (FieldOf(type, field, name), []));
                        order.Add(name);
                    }
                    if (field.SelectionSet is { } below) known.Below.Add(below);
                    break;
                case GraphQLInlineFragment inline when inline.TypeCondition is null || inline.TypeCondition.Type.Name.StringValue == type.Name:
                    Collect(type, inline.SelectionSet, merged, order, spread);
                    break;
                case GraphQLFragmentSpread named when spread.Add(named.FragmentName.Name.StringValue):
                    if (FragmentOf(named) is { } fragment && fragment.TypeCondition.Type.Name.StringValue == type.Name)
                        Collect(type, fragment.SelectionSet, merged, order, spread);
                    break;
            }
        }
    }

    private PlanField FieldOf(IObjectGraphType type, GraphQLField node, string responseName)
    {
        if (++_fields > options.MaxComplexity) throw QueryCost.TooComplex(_fields, options);
        var name = node.Name.StringValue;
        if (name == "__typename") return new PlanField(responseName, null, node) { TypeName = Encoding.UTF8.GetBytes($"\"{type.Name}\"") };
        if (type == schema.Query && name is "__schema" or "__type")
        {
            _introspects = true;
            return new PlanField(responseName, name == "__schema" ? schema.SchemaMetaFieldType : schema.TypeMetaFieldType, node);
        }
        return new PlanField(responseName, type.Fields.Find(node.Name), node);
    }

    private GraphQLFragmentDefinition? FragmentOf(GraphQLFragmentSpread spread)
    {
        foreach (var definition in document.Definitions)
            if (definition is GraphQLFragmentDefinition fragment && fragment.FragmentName.Name == spread.FragmentName.Name) return fragment;
        return null;
    }

    /// <summary>Whether @skip and @include let the selection in.</summary>
    private bool Included(ASTNode selection)
    {
        _conditional = true;
        if (validation.DirectiveValues is null || !validation.DirectiveValues.TryGetValue(selection, out var directives)) return true;
        return !(directives.TryGetValue("skip", out var skip) && skip.GetArgument<bool>("if"))
            && !(directives.TryGetValue("include", out var include) && !include.GetArgument<bool>("if"));
    }

    private static IGraphType? Named(IGraphType? type)
    {
        while (type is IProvideResolvedType wrapper) type = wrapper.ResolvedType;
        return type;
    }
}

/// <summary>
/// Estimates how many fields an answer will have, from the list sizes asked for (and assumed, where none are).
/// </summary>
internal static class QueryCost
{
    /// <exception cref="RequestRejectedException">It would have more than the options allow.</exception>
    public static void Check(Plan plan, IValidationResult arguments, ApiOptions options)
    {
        var cost = Of(plan, arguments);
        if (cost > options.MaxComplexity) throw TooComplex(cost, options);
    }

    public static double Of(Plan plan, IValidationResult arguments) => Sum(plan.Fields, arguments, []);

    public static RequestRejectedException TooComplex(double cost, ApiOptions options) => new(400, new ResponseError(
        ApiErrorCodes.QueryTooComplex, FormattableString.Invariant(
            $"The answer would have about {cost:N0} fields, and {options.MaxComplexity:N0} are allowed. Ask for fewer rows or items, or for less of each.")));

    // In double, so that a product of many sizes cannot wrap around.
    private static double Sum(PlanField[] fields, IValidationResult arguments, List<(string Argument, int Size)> bounds)
    {
        double sum = 0;
        foreach (var field in fields)
        {
            sum++;
            if (field.Children.Length == 0) continue;
            var known = bounds.Count;
            if (field.Definition is ApiField { Bounds.Length: > 0 } bounding) AddBounds(bounding, field, arguments, bounds);
            sum += SizeOf(field.Definition, bounds) * Sum(field.Children, arguments, bounds);
            bounds.RemoveRange(known, bounds.Count - known);
        }
        return sum;
    }

    private static void AddBounds(ApiField definition, PlanField field, IValidationResult arguments, List<(string, int)> bounds)
    {
        var given = arguments.ArgumentValues?.GetValueOrDefault(field.Node);
        foreach (var (argument, fallback) in definition.Bounds)
            bounds.Add((argument, given is not null && given.TryGetValue(argument, out var value) && value.Value is int size ? Math.Max(size, 0) : fallback));
    }

    private static int SizeOf(FieldType? definition, List<(string Argument, int Size)> bounds)
    {
        if (definition is not ApiField field) return IntrospectionSize(definition);
        for (var i = bounds.Count - 1; field.SizedBy is not null && i >= 0; i--)
            if (bounds[i].Argument == field.SizedBy) return bounds[i].Size;
        return field.AssumedSize;
    }

    /// <summary>About what our own schema has; it matters for queries that go round in circles.</summary>
    private static int IntrospectionSize(FieldType? definition) => definition?.Name switch
    {
        "types" => 45,
        "fields" => 7,
        "directives" => 5,
        "enumValues" or "inputFields" => 2,
        _ => 1,
    };
}
