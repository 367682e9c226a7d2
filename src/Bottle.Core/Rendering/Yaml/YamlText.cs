using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Bottle.Core.Rendering.Yaml;

/// <summary>Writes one YAML document event by event through YamlDotNet: every string that is data is double-quoted, lines end in LF, nothing is folded.</summary>
internal sealed class YamlText
{
    private readonly Emitter _emitter;
    private readonly Func<string, string> _escape;

    private YamlText(TextWriter text, Func<string, string>? escape)
    {
        _escape = escape ?? (value => value);
        _emitter = new Emitter(text, new EmitterSettings(2, int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024).WithIndentedSequences());
    }

    /// <summary>A document whose root is a mapping.</summary>
    /// <param name="header">Comment lines at the top.</param>
    /// <param name="root">Writes the keys.</param>
    /// <param name="escape">What the reader of the file undoes in every string value, in one place for the whole file.</param>
    public static string Document(IEnumerable<string> header, Action<YamlText> root, Func<string, string>? escape = null)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var yaml = new YamlText(text, escape);
        yaml._emitter.Emit(new StreamStart());
        foreach (var line in header)
            yaml._emitter.Emit(new Comment(line, isInline: false));
        yaml._emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        yaml.Begin(flow: false);
        root(yaml);
        yaml._emitter.Emit(new MappingEnd());
        yaml._emitter.Emit(new DocumentEnd(isImplicit: true));
        yaml._emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    /// <summary>A key of the file's format.</summary>
    public YamlText Key(string key)
    {
        _emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, key, ScalarStyle.Plain, true, false));
        return this;
    }

    /// <summary>A key that is data; readers do not unescape keys.</summary>
    public YamlText DataKey(string key)
    {
        Quoted(key);
        return this;
    }

    /// <summary>A string value.</summary>
    public void Text(string value) => Quoted(_escape(value));

    /// <summary>A whole number.</summary>
    public void Number(long value) => Plain(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>True or false.</summary>
    public void Flag(bool value) => Plain(value ? "true" : "false");

    /// <summary>Null.</summary>
    public void Nothing() => Plain("null");

    /// <summary>A mapping; on one line when <paramref name="flow"/>.</summary>
    public void Map(Action body, bool flow = false)
    {
        Begin(flow);
        body();
        _emitter.Emit(new MappingEnd());
    }

    /// <summary>A list; on one line when <paramref name="flow"/>.</summary>
    public void List<T>(IEnumerable<T> items, Action<T> write, bool flow = true)
    {
        _emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, true, flow ? SequenceStyle.Flow : SequenceStyle.Block));
        foreach (var item in items)
            write(item);
        _emitter.Emit(new SequenceEnd());
    }

    /// <summary>A list of strings.</summary>
    public void Texts(IEnumerable<string> items, bool flow = true) => List(items, Text, flow);

    private void Begin(bool flow) =>
        _emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, true, flow ? MappingStyle.Flow : MappingStyle.Block));

    private void Quoted(string value) =>
        _emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, value, ScalarStyle.DoubleQuoted, false, true));

    private void Plain(string value) =>
        _emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, value, ScalarStyle.Plain, true, false));
}
