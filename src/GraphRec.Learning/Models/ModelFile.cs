using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using GraphRec.Core;

namespace GraphRec.Learning.Models;

/// <summary>
/// Writes a model: named numbers and arrays, one after the other. The file is "GRMODEL", a format number, the kind, the
/// kind's own version, the entries, and the XXH3 hash of all that, little-endian throughout.
/// </summary>
public sealed class ModelWriter : IDisposable
{
    internal const string Magic = "GRMODEL";
    internal const byte Format = 1;

    private readonly Stream _stream;
    private readonly XxHash3 _hash = new();

    /// <param name="stream">Where to; left open.</param>
    /// <param name="kind">The kind of model.</param>
    /// <param name="version">The version of the kind's entries; raised when they change.</param>
    public ModelWriter(Stream stream, string kind, int version)
    {
        _stream = stream;
        Write(Encoding.ASCII.GetBytes(Magic));
        Write([Format]);
        Text(kind);
        Int(version);
    }

    /// <summary>Writes a number under a name.</summary>
    public void Number(string name, double value)
    {
        Text(name);
        Write(MemoryMarshal.AsBytes([value]));
    }

    /// <summary>Writes numbers under a name.</summary>
    public void Array<T>(string name, ReadOnlySpan<T> values) where T : unmanaged
    {
        Text(name);
        Write(MemoryMarshal.AsBytes([(long)values.Length]));
        // In pieces: an array can be larger than the 2 GiB that a span of bytes reaches.
        const int piece = 1 << 20;
        for (var at = 0; at < values.Length; at += piece) Write(MemoryMarshal.AsBytes(values.Slice(at, Math.Min(piece, values.Length - at))));
    }

    /// <summary>Writes a model under a name, with a header and a hash of its own.</summary>
    public void Model(string name, IModel model)
    {
        Text(name);
        model.Save(_stream);
    }

    /// <summary>Ends the file with its hash.</summary>
    public void Dispose()
    {
        Span<byte> hash = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(hash, _hash.GetCurrentHashAsUInt64());
        _stream.Write(hash);
        _stream.Flush();
    }

    private void Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Write([checked((byte)bytes.Length)]);
        Write(bytes);
    }

    private void Int(int value) => Write(MemoryMarshal.AsBytes([value]));

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _hash.Append(bytes);
        _stream.Write(bytes);
    }
}

/// <summary>Reads what <see cref="ModelWriter"/> wrote, in the same order.</summary>
public sealed class ModelReader
{
    private readonly Stream _stream;
    private readonly string _name;
    private readonly XxHash3 _hash = new();

    private ModelReader(Stream stream, string name) => (_stream, _name) = (stream, name);

    /// <summary>The kind of model that follows.</summary>
    public string Kind { get; private set; } = "";

    /// <summary>The version of the kind's entries.</summary>
    public int Version { get; private set; }

    /// <summary>Reads a model of any kind, to its end, and checks the hash.</summary>
    /// <param name="stream">Where from.</param>
    /// <param name="name">How messages name the file.</param>
    /// <exception cref="InvalidInputException">The file is no model, is of a later format, or is damaged.</exception>
    public static IModel Read(Stream stream, string name) => Read(stream, name, reader => ModelKinds.Of(reader.Kind).Load(reader));

    /// <summary>The same for what is no <see cref="IModel"/> but is written likewise.</summary>
    internal static T Read<T>(Stream stream, string name, Func<ModelReader, T> load)
    {
        var reader = new ModelReader(stream, name);
        if (Encoding.ASCII.GetString(reader.Bytes(ModelWriter.Magic.Length)) != ModelWriter.Magic) throw reader.Bad("is no model file; give one that `graphrec train` wrote");
        if (reader.Bytes(1)[0] is var format && format != ModelWriter.Format) throw reader.Bad($"is of format {format}, and this version reads {ModelWriter.Format}; train again");
        reader.Kind = reader.Text();
        reader.Version = reader.One<int>();
        var model = load(reader);
        var expected = reader._hash.GetCurrentHashAsUInt64();
        if (reader.One<ulong>() != expected) throw reader.Bad("is damaged (its hash differs); train again or copy it again");
        return model;
    }

    /// <summary>Refuses entries of a version that this code does not know.</summary>
    /// <exception cref="InvalidInputException">It is none of <paramref name="known"/>.</exception>
    public void CheckVersion(params ReadOnlySpan<int> known)
    {
        if (!known.Contains(Version)) throw Bad($"has {Kind} of version {Version}, and this version reads up to {known[^1]}; train again");
    }

    /// <summary>The number of this name, which must come next.</summary>
    public double Number(string name)
    {
        Expect(name);
        return One<double>();
    }

    /// <summary>The numbers of this name, which must come next.</summary>
    public T[] Array<T>(string name) where T : unmanaged
    {
        Expect(name);
        var length = One<long>();
        if (length is < 0 or > int.MaxValue || (_stream.CanSeek && length * Marshal.SizeOf<T>() > _stream.Length)) throw Bad($"is damaged at {name}; train again or copy it again");
        var values = new T[length];
        const int piece = 1 << 20;
        for (var at = 0; at < values.Length; at += piece) Fill(MemoryMarshal.AsBytes(values.AsSpan(at, Math.Min(piece, values.Length - at))));
        return values;
    }

    /// <summary>The model of this name, which must come next.</summary>
    public IModel Model(string name)
    {
        Expect(name);
        return Read(_stream, _name);
    }

    /// <summary>The error that says this of the file.</summary>
    public InvalidInputException Bad(string what) => new(ErrorCodes.BadUserInput, $"{_name} {what}.");

    private void Expect(string name)
    {
        if (Text() is var found && found != name) throw Bad($"has {found} where {name} belongs; it is damaged, so train again or copy it again");
    }

    private string Text() => Encoding.UTF8.GetString(Bytes(Bytes(1)[0]));

    private T One<T>() where T : unmanaged => MemoryMarshal.Read<T>(Bytes(Marshal.SizeOf<T>()));

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        Fill(bytes);
        return bytes;
    }

    private void Fill(Span<byte> bytes)
    {
        if (_stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length) throw Bad("ends too early; train again or copy it again");
        _hash.Append(bytes);
    }
}
