using System.Collections.Immutable;
using Bottle.Dashboard.Model;

namespace Bottle.Dashboard.Updating;

/// <summary>Keys of the page with requests. To choose one stops the page: what moves cannot be pointed at.</summary>
internal static class TrafficKeys
{
    public static (DashboardModel, Wish?) Press(DashboardModel model, Key key)
    {
        switch (key)
        {
            case { Kind: KeyKind.Up }:
                return (Move(model, 1), null);
            case { Kind: KeyKind.Down }:
                return (Move(model, -1), null);
            case { Kind: KeyKind.PageUp }:
                return (Move(model, model.BodyRows), null);
            case { Kind: KeyKind.PageDown }:
                return (Move(model, -model.BodyRows), null);
            case { Kind: KeyKind.Enter } when Chosen(model) is { } entry:
                return (Pause(model), new Wish.Explain(entry));
            case { Character: ' ' } or { Character: 'p' }:
                return (model.Paused is null ? Pause(model) : model with { Paused = null, TrafficCursor = 0 }, null);
            case { Kind: KeyKind.Escape }:
                return (model with { Paused = null, TrafficCursor = 0, Filter = model.Paused is null ? Host.Traffic.TrafficFilter.None : model.Filter }, null);
            case { Character: '/' }:
                return (model with { Dialog = new Dialog.Entry(EntryKind.Filter, "Show requests with these words, and without !word", model.Filter.Text) }, null);
            case { Character: 'b' }:
                return (model with { ShowsAllTraffic = !model.ShowsAllTraffic, Paused = null, TrafficCursor = 0 }, null);
            case { Character: 'h' }:
                return (model with { ShowsHosts = !model.ShowsHosts }, null);
            default:
                return (model, null);
        }
    }

    private static DashboardModel Pause(DashboardModel model) => model.Paused is not null ? model : model with { Paused = [.. model.ShownTraffic(TrafficPane.Most)] };

    private static DashboardModel Move(DashboardModel model, int steps)
    {
        var paused = Pause(model) with { ShowsHosts = false };
        var most = Math.Max(0, paused.ShownTraffic(TrafficPane.Most).Length - 1);
        // The first key shows where one is.
        return paused with { TrafficCursor = model.Paused is null ? 0 : Math.Clamp(model.TrafficCursor + steps, 0, most) };
    }

    private static TrafficEntry? Chosen(DashboardModel model)
    {
        var shown = model.ShownTraffic(TrafficPane.Most);
        return model.ShowsHosts || shown.Length == 0 ? null : shown[Math.Max(0, shown.Length - 1 - model.TrafficCursor)];
    }
}
