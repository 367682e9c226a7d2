using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Core.Rendering;
using Bottle.Core.Rendering.Compose;

namespace Bottle.Core.Linting.Checks;

/// <summary>Egress's own reader takes the rendered routes.yaml and finds the very same routes in it: a file that it refused would leave the bottle without a table.</summary>
internal sealed class EgressReadsTheRoutes : ICheck
{
    /// <inheritdoc/>
    public IEnumerable<Diagnostic> Run(BottlePlan plan, ComposeFile compose)
    {
        if (plan.Egress is not { } egress)
            yield break;
        var read = RoutesReader.Read(RoutesRenderer.Render(plan)[0].Text);
        foreach (var problem in read.Problems)
            yield return LintErrors.RoutesUnreadable(problem.ToString());
        if (read.File is { } file && (file.Generation != plan.Revision || !file.Routes.SequenceEqual(egress.Routes, SameRoute.Instance)))
            yield return LintErrors.RoutesUnreadable("other routes are read than were written");
    }

    /// <summary>Equality of routes by content: records compare lists by reference.</summary>
    private sealed class SameRoute : EqualityComparer<Route>
    {
        public static readonly SameRoute Instance = new();

        public override bool Equals(Route? x, Route? y) =>
            x is not null && y is not null
            && Scalars(x) == Scalars(y)
            && x.Ports.SequenceEqual(y.Ports)
            && (x.Methods ?? []).SequenceEqual(y.Methods ?? []) && x.Methods is null == y.Methods is null
            && (x.PathAllowlist ?? []).SequenceEqual(y.PathAllowlist ?? []) && x.PathAllowlist is null == y.PathAllowlist is null
            && SamePolicy(x.Provider, y.Provider);

        private static bool SamePolicy(ProviderPolicy? x, ProviderPolicy? y) =>
            x is null == y is null && (x?.ServerTools ?? []).SequenceEqual(y?.ServerTools ?? []) && (x?.Betas ?? []).SequenceEqual(y?.Betas ?? []);

        public override int GetHashCode(Route obj) => Scalars(obj).GetHashCode();

        private static Route Scalars(Route route) => route with { Ports = NoPorts, Methods = null, PathAllowlist = null, Provider = null };

        private static readonly int[] NoPorts = [];
    }
}
