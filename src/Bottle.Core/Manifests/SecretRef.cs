using System.Text.Json.Serialization;

namespace Bottle.Core.Manifests;

/// <summary>The name of a secret, never its value: where egress's token comes from (SPEC A6).</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "from")]
[JsonDerivedType(typeof(Environment), "env")]
[JsonDerivedType(typeof(File), "file")]
[JsonDerivedType(typeof(Command), "command")]
public abstract record SecretRef
{
    private SecretRef() { }

    /// <summary>A variable of the operator's environment: <c>env:NAME</c>, or a bare <c>NAME</c>.</summary>
    public sealed record Environment(string Name) : SecretRef
    {
        /// <inheritdoc/>
        public override string ToString() => $"env:{Name}";
    }

    /// <summary>A file, relative paths resolved against the manifest's folder: <c>file:PATH</c>. Its last line break is not part of the value.</summary>
    public sealed record File(string Path) : SecretRef
    {
        /// <inheritdoc/>
        public override string ToString() => $"file:{Path}";
    }

    /// <summary>A command whose standard output is the value, its last line break dropped: <c>command:[gh, auth, token]</c>.</summary>
    public sealed record Command(IReadOnlyList<string> Arguments) : SecretRef
    {
        /// <inheritdoc/>
        public override string ToString() => $"command:[{string.Join(", ", Arguments)}]";
    }
}
