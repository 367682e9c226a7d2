using Bottle.Core.Diagnostics;

namespace Bottle.Core.Manifests.Reading;

/// <summary>A piece of front matter with its place in the .md file; what was reported already is <see cref="YamlUnusable"/>, so that it is not reported twice.</summary>
internal abstract record YamlNode(SourceSpan Where);

/// <summary>A scalar; <see cref="IsPlain"/> when it stands without quotes and could be read as another type.</summary>
internal sealed record YamlScalar(string Text, bool IsPlain, SourceSpan Where) : YamlNode(Where)
{
    /// <summary>Nothing was written after the colon or the dash.</summary>
    public bool IsEmpty => IsPlain && Text.Length == 0;
}

internal sealed record YamlList(IReadOnlyList<YamlNode> Items, SourceSpan Where) : YamlNode(Where);

/// <summary>A mapping; its keys are unique.</summary>
internal sealed record YamlMap(IReadOnlyList<YamlEntry> Entries, SourceSpan Where) : YamlNode(Where);

internal sealed record YamlEntry(string Key, SourceSpan Where, YamlNode Value);

internal sealed record YamlUnusable(SourceSpan Where) : YamlNode(Where);
