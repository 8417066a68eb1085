using System.Runtime.CompilerServices;
using GraphQL.Execution;
using GraphQL.Validation;
using GraphQLParser;
using GraphQLParser.AST;
using GraphRec.Api.Schema;

namespace GraphRec.Api.Execution;

/// <summary>
/// Runs a plan and writes <c>data</c> as it goes (GraphQL specification, section 6). Fields below the root are
/// synchronous, so there is no node, task or context object for any of them.
/// </summary>
/// <remarks>
/// Why not the library's own executor: for a page of 8 rows by 12 with reasons, paths and ledgers (270 KB) it took 6.8 ms
/// of CPU and 2.9 MB of garbage, this one 0.8 ms and 30 KB (2026-11, .NET 10, two cores); making the page takes 2.9 ms.
/// It still answers introspection, and tests hold the two against one another.
/// </remarks>
internal sealed class PlanExecutor(ApiRequest request, GraphQLDocument document, IValidationResult arguments, ErrorMapper mapper, JsonOutput output)
{
    private readonly List<ResponseError> _errors = [];
    private Segment[] _path = new Segment[32];
    private int _depth;

    public JsonOutput Output => output;
    public IReadOnlyList<ResponseError> Errors => _errors;

    /// <summary>Writes the value of <c>data</c>.</summary>
    public async ValueTask ExecuteAsync(Plan plan)
    {
        var start = output.Length;
        output.Byte((byte)'{');
        for (var i = 0; i < plan.Fields.Length; i++)
        {
            var field = plan.Fields[i];
            if (i > 0) output.Byte((byte)',');
            output.Raw(field.Prefix);
            var written = field.Definition is ApiField definition && definition.IsAsync(request)
                ? await WriteAsync(field, definition).ConfigureAwait(false)
                : Write(field, Root.Value);
            if (written) continue;
            output.Truncate(start);
            output.Null();
            return;
        }
        output.Byte((byte)'}');
    }

    /// <summary>Writes an object; false when a null below it takes it away.</summary>
    public bool WriteObject(PlanField[] fields, object source)
    {
        output.Byte((byte)'{');
        for (var i = 0; i < fields.Length; i++)
        {
            if (i > 0) output.Byte((byte)',');
            output.Raw(fields[i].Prefix);
            if (!Write(fields[i], source)) return false;
        }
        output.Byte((byte)'}');
        return true;
    }

    /// <summary>Writes one object of a list.</summary>
    public bool WriteItem(PlanField[] fields, object source, int index)
    {
        request.Cancel.ThrowIfCancellationRequested();
        Push(new Segment(null, index));
        var written = WriteObject(fields, source);
        _depth--;
        return written;
    }

    private bool Write(PlanField field, object source)
    {
        if (field.Definition is null)
        {
            output.Raw(field.TypeName);
            return true;
        }
        var definition = Unsafe.As<ApiField>(field.Definition);
        var (start, depth, errors) = (output.Length, _depth, _errors.Count);
        Push(new Segment(field.ResponseName, 0));
        bool written;
        try
        {
            written = definition.Write(this, field, source, new FieldCall(request, ArgumentsOf(field)));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _depth = depth + 1;
            AddError(e, field);
            written = false;
        }
        if (!written && !definition.IsNullable && _errors.Count == errors)
            AddError(new InvalidOperationException($"{field.ResponseName} is null and must not be."), field);
        _depth = depth;
        return written || OrNull(definition, start);
    }

    private async ValueTask<bool> WriteAsync(PlanField field, ApiField definition)
    {
        var start = output.Length;
        Push(new Segment(field.ResponseName, 0));
        try
        {
            var value = await definition.ValueAsync(new FieldCall(request, ArgumentsOf(field))).ConfigureAwait(false);
            return (value is not null && definition.WriteValue(this, field, value)) || OrNull(definition, start);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _depth = 1;
            AddError(e, field);
            return OrNull(definition, start);
        }
        finally
        {
            _depth = 0;
        }
    }

    private bool OrNull(ApiField definition, int start)
    {
        if (!definition.IsNullable) return false;
        output.Truncate(start);
        output.Null();
        return true;
    }

    private IDictionary<string, ArgumentValue>? ArgumentsOf(PlanField field)
    {
        if (field.Definition!.Arguments is not { Count: > 0 }) return null;
        return arguments.ArgumentValues is { } given && given.TryGetValue(field.Node, out var values) ? values : null;
    }

    private void AddError(Exception exception, PlanField field)
    {
        var path = new object[_depth];
        for (var i = 0; i < path.Length; i++) path[i] = _path[i].Name is { } name ? name : _path[i].Index;
        var location = Location.FromLinearPosition(document.Source, field.Node.Location.Start);
        _errors.Add(mapper.Map(exception) with { Path = path, Locations = [(location.Line, location.Column)] });
    }

    private void Push(Segment segment)
    {
        if (_depth == _path.Length) Array.Resize(ref _path, _depth * 2);
        _path[_depth++] = segment;
    }

    private readonly record struct Segment(string? Name, int Index);
}
