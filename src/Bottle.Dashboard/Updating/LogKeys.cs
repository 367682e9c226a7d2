using Bottle.Dashboard.Model;
using Bottle.Dashboard.View;

namespace Bottle.Dashboard.Updating;

/// <summary>Keys of the page with logs.</summary>
internal static class LogKeys
{
    public static DashboardModel Press(DashboardModel model, Key key) => key switch
    {
        { Kind: KeyKind.Up } => Scroll(model, 1),
        { Kind: KeyKind.Down } => Scroll(model, -1),
        { Kind: KeyKind.PageUp } => Scroll(model, model.BodyRows),
        { Kind: KeyKind.PageDown } => Scroll(model, -model.BodyRows),
        { Kind: KeyKind.Home } => Scroll(model, DashboardModel.MostLogLines),
        { Kind: KeyKind.End } => model with { LogScroll = 0 },
        { Kind: KeyKind.Escape } => model with { LogScroll = 0, LogFilter = "" },
        { Character: 'w' } => model with { LogWraps = !model.LogWraps, LogScroll = 0 },
        { Character: '/' } => model with { Dialog = new Dialog.Entry(EntryKind.LogFilter, "Show lines that hold this", model.LogFilter) },
        _ => model,
    };

    private static DashboardModel Scroll(DashboardModel model, int lines) =>
        model with { LogScroll = Math.Clamp(model.LogScroll + lines, 0, LogsView.MostBack(model)) };
}
