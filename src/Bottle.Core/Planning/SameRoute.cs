using Bottle.Contracts.Routes;

namespace Bottle.Core.Planning;

/// <summary>Equality of routes by content: records compare lists by reference.</summary>
internal sealed class SameRoute : EqualityComparer<Route>
{
    public static readonly SameRoute Instance = new();

    private static readonly int[] NoPorts = [];

    public override bool Equals(Route? x, Route? y) =>
        x is not null && y is not null
        && Scalars(x) == Scalars(y)
        && x.Ports.SequenceEqual(y.Ports)
        && Same(x.Methods, y.Methods) && Same(x.PathAllowlist, y.PathAllowlist)
        && SamePolicy(x.Provider, y.Provider);

    /// <summary>The same for a provider's policy; null is another one than an empty one.</summary>
    public static bool SamePolicy(ProviderPolicy? x, ProviderPolicy? y) =>
        x is null == y is null && Same(x?.ServerTools, y?.ServerTools) && Same(x?.Betas, y?.Betas);

    public override int GetHashCode(Route obj) => Scalars(obj).GetHashCode();

    private static bool Same(IReadOnlyList<string>? x, IReadOnlyList<string>? y) => x is null == y is null && (x ?? []).SequenceEqual(y ?? []);

    private static Route Scalars(Route route) => route with { Ports = NoPorts, Methods = null, PathAllowlist = null, Provider = null };
}
