using Bottle.Core.Diagnostics;

namespace Bottle.Core.Manifests;

/// <summary>What reading one file gave: the manifest, or null when there is an error among the diagnostics (ordered by place).</summary>
public sealed record ManifestResult<T>(T? Manifest, IReadOnlyList<Diagnostic> Diagnostics) where T : class;
