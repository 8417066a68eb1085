using System.Text.Json;
using GraphQL;
using GraphQL.Execution;
using GraphQL.Types;
using GraphQL.Validation;
using GraphQL.Validation.Rules.Custom;
using GraphQLParser.AST;
using GraphRec.Api.Schema;
using GraphRec.Core;

namespace GraphRec.Api.Execution;

/// <summary>The parameters of a GraphQL request.</summary>
internal sealed record GraphQLRequest(string Query, string? OperationName, Inputs? Variables);

/// <summary>
/// Runs requests: parse, select the operation, validate, bound, execute. Whatever prevents the execution is a
/// <see cref="RequestRejectedException"/>; what fails within it is an error beside the data.
/// </summary>
internal sealed class GraphQLEngine(GraphRecSchema schema, ErrorMapper mapper, ApiOptions options)
{
    private readonly DocumentCache _documents = new(options.CachedQueryCharacters);
    private readonly GraphQLDocumentBuilder _parser = new() { MaxDepth = 64 };
    private readonly DocumentValidator _validator = new();
    private readonly DocumentExecuter _introspection = new();
    private readonly IValidationRule[] _rules = options.Introspection
        ? [.. DocumentValidator.CoreRules]
        : [.. DocumentValidator.CoreRules, NoIntrospectionValidationRule.Instance];

    /// <summary>Writes the value of <c>data</c> to <paramref name="output"/> and returns the errors beside it.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="readOnly">Refuses mutations with 405.</param>
    /// <param name="api">What resolvers see.</param>
    /// <param name="output">Where to write.</param>
    /// <exception cref="RequestRejectedException">Nothing was run.</exception>
    /// <exception cref="OperationCanceledException">The request's time was up, or its client left.</exception>
    public async ValueTask<IReadOnlyList<ResponseError>> ExecuteAsync(GraphQLRequest request, bool readOnly, ApiRequest api, JsonOutput output)
    {
        var known = _documents.Find(request.Query);
        var document = known?.Document ?? Parse(request.Query);
        var operation = OperationOf(document, request.OperationName);
        if (readOnly && operation.Operation != OperationType.Query)
        {
            throw new RequestRejectedException(405, new ResponseError(
                ApiErrorCodes.MethodNotAllowed, "A mutation changes something, so it must come by POST.")) { Allow = "POST" };
        }
        var validation = await ValidateAsync(document, operation, request, api, known is null ? _rules : []).ConfigureAwait(false);
        if (known is null) _documents.Add(request.Query, known = new ValidDocument(document));
        var plan = known.Find(operation);
        if (plan is null)
        {
            plan = new PlanBuilder(schema, document, validation, options).Build(operation);
            if (plan.IsReusable) known.Add(operation, plan);
        }
        QueryCost.Check(plan, validation, options);
        if (plan.Introspects) return await IntrospectAsync(request, document, api, output).ConfigureAwait(false);
        var executor = new PlanExecutor(api, document, validation, mapper, output);
        await executor.ExecuteAsync(plan).ConfigureAwait(false);
        return executor.Errors;
    }

    /// <summary>Runs a request with the library's own executor: slower, and the same answer.</summary>
    public async ValueTask<IReadOnlyList<ResponseError>> IntrospectAsync(GraphQLRequest request, GraphQLDocument? document, ApiRequest api, JsonOutput output)
    {
        var result = await _introspection.ExecuteAsync(new ExecutionOptions
        {
            Schema = schema,
            Query = request.Query,
            Document = document,
            OperationName = request.OperationName,
            Variables = request.Variables,
            UserContext = api,
            CancellationToken = api.Cancel,
            ThrowOnUnhandledException = false,
        }).ConfigureAwait(false);
        if (!result.Executed) throw Rejected(result.Errors!);
        output.Raw(JsonSerializer.SerializeToUtf8Bytes((result.Data as ExecutionNode)?.ToValue() ?? result.Data));
        return result.Errors is { } errors ? [.. errors.Select(mapper.Map)] : [];
    }

    private GraphQLDocument Parse(string query)
    {
        if (query.Length > options.MaxQueryLength)
        {
            throw new RequestRejectedException(400, new ResponseError(
                ApiErrorCodes.QueryTooLong, $"The query has {query.Length} characters, and {options.MaxQueryLength} are allowed. Pass values as variables, or ask in parts."));
        }
        try
        {
            return _parser.Build(query);
        }
        catch (ExecutionError error)
        {
            throw Rejected([error]);
        }
    }

    private static GraphQLOperationDefinition OperationOf(GraphQLDocument document, string? name)
    {
        GraphQLOperationDefinition? found = null;
        var count = 0;
        foreach (var definition in document.Definitions)
        {
            if (definition is not GraphQLOperationDefinition operation) continue;
            count++;
            if (name is null || operation.Name?.StringValue == name) found ??= operation;
        }
        if (found is not null && (name is not null || count == 1)) return found;
        throw new RequestRejectedException(400, new ResponseError(ApiErrorCodes.OperationResolutionFailure, name switch
        {
            _ when count == 0 => "The query holds no operation; write one, such as { __typename }.",
            null => $"The query holds {count} operations; say in operationName which one to run.",
            _ => $"The query holds no operation named '{Schema.Check.Short(name)}'; correct operationName.",
        }));
    }

    private async ValueTask<IValidationResult> ValidateAsync(
        GraphQLDocument document, GraphQLOperationDefinition operation, GraphQLRequest request, ApiRequest api, IValidationRule[] rules)
    {
        var validation = await _validator.ValidateAsync(new ValidationOptions
        {
            Schema = schema,
            Document = document,
            Operation = operation,
            Rules = rules,
            Variables = request.Variables ?? Inputs.Empty,
            UserContext = api,
            CancellationToken = api.Cancel,
        }).ConfigureAwait(false);
        return validation.IsValid ? validation : throw Rejected(validation.Errors);
    }

    private RequestRejectedException Rejected(IEnumerable<ExecutionError> errors)
    {
        ResponseError[] mapped = [.. errors.Take(20).Select(mapper.Map)];
        var status = mapped.Any(e => e.TraceId is not null) ? 500 : 400;
        return new RequestRejectedException(status, mapped);
    }
}
