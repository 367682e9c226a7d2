using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Planning;

/// <summary>Puts a granted route into the table, where the first match wins: before the first route that lets all of it through already (its lease and source shall count), else after those that share requests with it (what they give stays as it is).</summary>
internal static class RoutePlacement
{
    /// <summary>The table with the route; null after an error.</summary>
    public static List<Route>? Add(IReadOnlyList<Route> routes, Route added, List<Diagnostic> diagnostics)
    {
        // The same question granted again: the new grant counts, and not one that may have run out.
        var table = routes.Where(r => !(r.Lease is not null && IsSame(r, added))).ToList();
        if (table.Find(r => r.Lease is null && RouteCover.Covers(r, added) && GivesAsMuch(r, added)) is { } wider)
        {
            diagnostics.Add(ChangeErrors.AlreadyAllowed(added, wider));
            return null;
        }
        var at = Place(table, added);
        var before = table.Take(at).Where(r => r.Lease is null).ToList();
        var parts = RouteCover.Parts(added).Select(part => before.Find(r => RouteCover.Covers(r, part))).ToList();
        if (parts.TrueForAll(hidden => hidden is not null))
        {
            diagnostics.Add(ChangeErrors.NeverReached(added, parts[0]!));
            return null;
        }
        table.Insert(at, added);
        return table;
    }

    private static int Place(List<Route> table, Route added)
    {
        var covering = table.FindIndex(r => RouteCover.Covers(r, added));
        if (covering >= 0)
            return covering;
        var meeting = table.FindLastIndex(r => RouteCover.Meets(r, added));
        if (meeting >= 0)
            return meeting + 1;
        var wider = table.FindIndex(r => r.Host != added.Host && RouteCover.CoversHost(r.Host, added.Host));
        return wider >= 0 ? wider : table.Count;
    }

    private static bool IsSame(Route one, Route other) => RouteCover.Covers(one, other) && RouteCover.Covers(other, one) && GivesAsMuch(one, other) && GivesAsMuch(other, one);

    private static bool GivesAsMuch(Route has, Route wants) =>
        has.Auth == wants.Auth && has.ClientAuthPasses == wants.ClientAuthPasses && has.Inspect == wants.Inspect && (has.WebSocket || !wants.WebSocket)
        && SameRoute.SamePolicy(has.Provider, wants.Provider);
}
