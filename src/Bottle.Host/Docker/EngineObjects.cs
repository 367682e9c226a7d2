using System.Text.Json.Serialization;

namespace Bottle.Host.Docker;

/// <summary>A container of ours.</summary>
public sealed record ContainerInfo
{
    /// <summary>The full id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name, without a leading slash.</summary>
    public required string Name { get; init; }

    /// <summary>The label <c>bottle.identity</c>; empty when it has none.</summary>
    public string Identity { get; init; } = "";

    /// <summary>The label <c>bottle.service</c>; empty when it has none.</summary>
    public string Service { get; init; } = "";

    /// <summary>The label <c>bottle.home</c>; empty when it has none.</summary>
    public string Home { get; init; } = "";

    /// <summary>The image that it was created from.</summary>
    public string Image { get; init; } = "";

    /// <summary><c>created</c>, <c>running</c>, <c>exited</c>, <c>dead</c> …</summary>
    public string State { get; init; } = "";

    /// <summary>The state for people: <c>Up 3 minutes (healthy)</c>.</summary>
    public string Status { get; init; } = "";
}

/// <summary>A network of ours.</summary>
public sealed record NetworkInfo
{
    /// <summary>The full id.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The label <c>bottle.identity</c>; empty when it has none.</summary>
    public string Identity { get; init; } = "";

    /// <summary>The label <c>bottle.home</c>; empty when it has none.</summary>
    public string Home { get; init; } = "";
}

/// <summary>An image that carries labels of ours.</summary>
public sealed record ImageInfo
{
    /// <summary>The full id (<c>sha256:…</c>).</summary>
    public required string Id { get; init; }

    /// <summary>Its references (<c>name:tag</c>); none when dangling.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>When it was made, as the engine writes it (RFC 3339).</summary>
    public string Created { get; init; } = "";

    /// <summary>Bytes.</summary>
    public long Size { get; init; }
}

/// <summary>Reads what the format templates of <see cref="DockerEngine"/> write, one JSON object a line.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ContainerInfo))]
[JsonSerializable(typeof(NetworkInfo))]
[JsonSerializable(typeof(ImageInfo))]
internal sealed partial class EngineJson : JsonSerializerContext;
