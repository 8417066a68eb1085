using GraphQL;
using GraphQL.Execution;
using GraphQL.Resolvers;
using GraphQL.Types;
using GraphRec.Api.Execution;

namespace GraphRec.Api.Schema;

/// <summary>What a resolver may use besides its source: the request, and the field's arguments.</summary>
internal readonly struct FieldCall(ApiRequest request, IDictionary<string, ArgumentValue>? arguments)
{
    public ApiRequest Request => request;

    /// <summary>The argument's value; null when it was given as null or left out, so that readers apply the default to both.</summary>
    public object? Argument(string name) => arguments is not null && arguments.TryGetValue(name, out var value) ? value.Value : null;

    public string? Text(string name) => Check.Text(Argument(name));

    /// <summary>An integer in a range; null counts as the default.</summary>
    public int Int(string name, int fallback, int min, int max) => Check.Range(name, Argument(name) is int value ? value : fallback, min, max);

    /// <summary>A required id.</summary>
    public string Id(string name) => Check.Id(name, Text(name));
}

/// <summary>
/// A field of an object type. The library sees a <see cref="FieldType"/> with a resolver; <see cref="PlanExecutor"/>
/// sees what it needs to write the value without a context object, a boxed leaf and a result node for every field.
/// </summary>
internal abstract class ApiField : FieldType, IFieldResolver
{
    protected ApiField(string name, string description, Type graphType, bool nullable)
    {
        Name = name;
        Description = description;
        Type = nullable ? graphType : typeof(NonNullGraphType<>).MakeGenericType(graphType);
        IsNullable = nullable;
        Resolver = this;
    }

    public bool IsNullable { get; }

    /// <summary>For a list: how many items the cost estimate assumes where no argument says it; 1 for the rest.</summary>
    public int AssumedSize { get; init; } = 1;

    /// <summary>For a list: the argument, here or on an ancestor, that bounds it.</summary>
    public string? SizedBy { get; init; }

    /// <summary>The arguments of this field that bound lists, here or below, and their defaults.</summary>
    public (string Argument, int Default)[] Bounds { get; init; } = [];

    /// <summary>Writes the value; false when it is null.</summary>
    public abstract bool Write(PlanExecutor executor, PlanField field, object source, in FieldCall call);

    /// <summary>The value as it is, for the library's own executor, which answers introspection.</summary>
    public abstract object? Value(object source, in FieldCall call);

    /// <summary>Whether <see cref="ValueAsync"/> and <see cref="WriteValue"/> are to be used; only fields of the root types may.</summary>
    public virtual bool IsAsync(ApiRequest request) => false;

    public virtual Task<object?> ValueAsync(FieldCall call) => throw new NotSupportedException();

    /// <summary>Writes what <see cref="ValueAsync"/> gave; false when a null below it takes it away.</summary>
    public virtual bool WriteValue(PlanExecutor executor, PlanField field, object value) => throw new NotSupportedException();

    ValueTask<object?> IFieldResolver.ResolveAsync(IResolveFieldContext context)
    {
        var call = new FieldCall((ApiRequest)context.UserContext, context.Arguments);
        return IsAsync(call.Request) ? new ValueTask<object?>(ValueAsync(call)) : ValueTask.FromResult(Value(context.Source!, call));
    }
}

/// <summary>A scalar or enum.</summary>
internal sealed class LeafField<T, TValue>(
    string name, string description, Type graphType, bool nullable, Func<T, TValue> get, Action<JsonOutput, TValue> write)
    : ApiField(name, description, graphType, nullable)
{
    public override bool Write(PlanExecutor executor, PlanField field, object source, in FieldCall call)
    {
        var value = get((T)source);
        if (value is null) return false;
        write(executor.Output, value);
        return true;
    }

    public override object? Value(object source, in FieldCall call) => get((T)source);
}

/// <summary>A list of strings.</summary>
internal sealed class TextListField<T>(string name, string description, Func<T, IReadOnlyList<string>> get)
    : ApiField(name, description, typeof(ListGraphType<NonNullGraphType<StringGraphType>>), false)
{
    public override bool Write(PlanExecutor executor, PlanField field, object source, in FieldCall call)
    {
        var (values, output) = (get((T)source), executor.Output);
        output.Byte((byte)'[');
        for (var i = 0; i < values.Count; i++)
        {
            if (i > 0) output.Byte((byte)',');
            output.String(values[i]);
        }
        output.Byte((byte)']');
        return true;
    }

    public override object? Value(object source, in FieldCall call) => get((T)source);
}

/// <summary>Gets the value of a field from its source and arguments.</summary>
internal delegate TValue Resolve<in T, out TValue>(T source, in FieldCall call);

/// <summary>One object.</summary>
internal sealed class ObjectField<T, TValue>(string name, string description, Type graphType, bool nullable, Resolve<T, TValue?> get)
    : ApiField(name, description, graphType, nullable) where TValue : class
{
    /// <summary>For a recommendation: how it is made where a store is waited for; null for no such way.</summary>
    public Func<FieldCall, Task<TValue>>? Fetching { get; init; }

    public override bool IsAsync(ApiRequest request) => Fetching is not null && request.Services.Recommender.Fetches;

    public override bool Write(PlanExecutor executor, PlanField field, object source, in FieldCall call) =>
        get((T)source, call) is { } value && executor.WriteObject(field.Children, value);

    public override object? Value(object source, in FieldCall call) => get((T)source, call);

    public override async Task<object?> ValueAsync(FieldCall call) => await Fetching!(call).ConfigureAwait(false);

    public override bool WriteValue(PlanExecutor executor, PlanField field, object value) => executor.WriteObject(field.Children, value);
}

/// <summary>A list of objects, none of them null.</summary>
internal sealed class ObjectListField<T, TItem>(string name, string description, Type itemType, Resolve<T, IReadOnlyList<TItem>> get)
    : ApiField(name, description, typeof(ListGraphType<>).MakeGenericType(typeof(NonNullGraphType<>).MakeGenericType(itemType)), false)
    where TItem : notnull
{
    /// <summary>For recommendations: how they are made where a store is waited for; null for no such way.</summary>
    public Func<FieldCall, Task<IReadOnlyList<TItem>>>? Fetching { get; init; }

    public override bool IsAsync(ApiRequest request) => Fetching is not null && request.Services.Recommender.Fetches;

    public override bool Write(PlanExecutor executor, PlanField field, object source, in FieldCall call) => WriteItems(executor, field, get((T)source, call));

    public override object? Value(object source, in FieldCall call) => get((T)source, call);

    public override async Task<object?> ValueAsync(FieldCall call) => await Fetching!(call).ConfigureAwait(false);

    public override bool WriteValue(PlanExecutor executor, PlanField field, object value) => WriteItems(executor, field, (IReadOnlyList<TItem>)value);

    private static bool WriteItems(PlanExecutor executor, PlanField field, IReadOnlyList<TItem> items)
    {
        var output = executor.Output;
        output.Byte((byte)'[');
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) output.Byte((byte)',');
            if (!executor.WriteItem(field.Children, items[i], i)) return false;
        }
        output.Byte((byte)']');
        return true;
    }
}

/// <summary>One object that has to be waited for; only in a root type.</summary>
internal sealed class AsyncField<TValue>(string name, string description, Type graphType, Func<FieldCall, Task<TValue>> get)
    : ApiField(name, description, graphType, false) where TValue : class
{
    public override bool IsAsync(ApiRequest request) => true;

    public override bool Write(PlanExecutor executor, PlanField field, object source, in FieldCall call) => throw new NotSupportedException();

    public override object? Value(object source, in FieldCall call) => throw new NotSupportedException();

    public override async Task<object?> ValueAsync(FieldCall call) => await get(call);

    public override bool WriteValue(PlanExecutor executor, PlanField field, object value) => executor.WriteObject(field.Children, value);
}
