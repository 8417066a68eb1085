using GraphQL.Types;
using GraphRec.Api.Execution;
using GraphRec.Core;

namespace GraphRec.Api.Schema;

/// <summary>
/// An object type over one of our records: a short vocabulary for fields, so that a type reads as the list of its fields.
/// A description is required of each.
/// </summary>
/// <typeparam name="T">The record the fields read from.</typeparam>
internal abstract class RecordType<T> : ObjectGraphType where T : notnull
{
    protected RecordType(string name, string description) => (Name, Description) = (name, description);

    protected void Id(string name, string description, Func<T, string> get) =>
        Leaf<string>(name, description, typeof(IdGraphType), false, get, static (o, v) => o.String(v));

    protected void Text(string name, string description, Func<T, string> get) =>
        Leaf<string>(name, description, typeof(StringGraphType), false, get, static (o, v) => o.String(v));

    protected void TextOrNull(string name, string description, Func<T, string?> get) =>
        Leaf(name, description, typeof(StringGraphType), true, get, static (o, v) => o.String(v!));

    protected void Int(string name, string description, Func<T, int> get) =>
        Leaf(name, description, typeof(IntGraphType), false, get, static (o, v) => o.Int(v));

    protected void IntOrNull(string name, string description, Func<T, int?> get) =>
        Leaf(name, description, typeof(IntGraphType), true, get, static (o, v) => o.Int(v!.Value));

    protected void Float(string name, string description, Func<T, double> get) =>
        Leaf(name, description, typeof(FloatGraphType), false, get, static (o, v) => o.Float(v));

    protected void FloatOrNull(string name, string description, Func<T, double?> get) =>
        Leaf(name, description, typeof(FloatGraphType), true, get, static (o, v) => o.Float(v!.Value));

    protected void Bool(string name, string description, Func<T, bool> get) =>
        Leaf(name, description, typeof(BooleanGraphType), false, get, static (o, v) => o.Bool(v));

    protected void DateOrNull(string name, string description, Func<T, DateOnly?> get) =>
        Leaf(name, description, typeof(DateType), true, get, static (o, v) => o.Date(v!.Value));

    protected void Time(string name, string description, Func<T, DateTimeOffset> get) =>
        Leaf(name, description, typeof(TimeType), false, get, static (o, v) => o.Time(v));

    protected void Enum<TEnum, TGraph>(string name, string description, Func<T, TEnum> get) where TEnum : struct, Enum where TGraph : NamedEnum<TEnum> =>
        Leaf(name, description, typeof(TGraph), false, get, static (o, v) => o.Raw(EnumNames<TEnum>.Json(v)));

    protected void Texts(string name, string description, int assumed, Func<T, IReadOnlyList<string>> get) =>
        AddField(new TextListField<T>(name, description, get) { AssumedSize = assumed });

    protected ApiField Object<TValue, TGraph>(string name, string description, Func<T, TValue> get) where TValue : class where TGraph : IGraphType =>
        Add(new ObjectField<T, TValue>(name, description, typeof(TGraph), false, (T s, in FieldCall _) => get(s)));

    protected ApiField ObjectOrNull<TValue, TGraph>(string name, string description, Resolve<T, TValue?> get) where TValue : class where TGraph : IGraphType =>
        Add(new ObjectField<T, TValue>(name, description, typeof(TGraph), true, get));

    protected void List<TItem, TGraph>(string name, string description, int assumed, Func<T, IReadOnlyList<TItem>> get, string? sizedBy = null) where TItem : notnull where TGraph : IGraphType =>
        AddField(new ObjectListField<T, TItem>(name, description, typeof(TGraph), (T s, in FieldCall _) => get(s)) { AssumedSize = assumed, SizedBy = sizedBy });

    /// <summary>A list bounded by an argument <c>first</c> from 1 to <see cref="Check.MaxFirst"/>.</summary>
    protected void FirstOf<TItem, TGraph>(string name, string description, int first, Resolve<T, IReadOnlyList<TItem>> get) where TItem : notnull where TGraph : IGraphType
    {
        var field = new ObjectListField<T, TItem>(name, description, typeof(TGraph), get) { SizedBy = "first", Bounds = [("first", first)] };
        Add(field).With<IntGraphType>("first", $"How many at most, from the top: 1 to {Check.MaxFirst}.", first);
    }

    protected ApiField Add(ApiField field)
    {
        AddField(field);
        return field;
    }

    private void Leaf<TValue>(string name, string description, Type graphType, bool nullable, Func<T, TValue> get, Action<JsonOutput, TValue> write) =>
        AddField(new LeafField<T, TValue>(name, description, graphType, nullable, get, write));
}

/// <summary>Adds arguments to a field.</summary>
internal static class ApiFieldArguments
{
    public static ApiField With<TGraph>(this ApiField field, string name, string description, object? fallback = null) where TGraph : IGraphType
    {
        field.Arguments ??= [];
        field.Arguments.Add(new QueryArgument<TGraph> { Name = name, Description = description, DefaultValue = fallback });
        return field;
    }
}
