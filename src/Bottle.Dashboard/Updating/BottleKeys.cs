using Bottle.Dashboard.Model;

namespace Bottle.Dashboard.Updating;

/// <summary>Keys of the pages with all runs and with one launch.</summary>
internal static class BottleKeys
{
    public static (DashboardModel, Wish?) Press(DashboardModel model, Key key)
    {
        switch (key.Kind)
        {
            case KeyKind.Up:
                return DashboardUpdate.Choose(model, -1);
            case KeyKind.Down:
                return DashboardUpdate.Choose(model, 1);
            case KeyKind.PageUp:
                return DashboardUpdate.Choose(model, -model.BodyRows);
            case KeyKind.PageDown:
                return DashboardUpdate.Choose(model, model.BodyRows);
            case KeyKind.Enter when model.Chosen is not null:
                return DashboardUpdate.Open(model, Page.Traffic);
        }
        return (key.Character, model.Chosen) switch
        {
            ('e', { } bottle) => (model with { Status = $"{bottle.Identity}: the route table is in the editor" }, new Wish.EditRoutes(bottle.Identity)),
            ('c', { } bottle) => (WorkKeys.Open(model, bottle.Identity), null),
            ('x', { } bottle) => (BudgetKeys.Open(model, bottle.Identity), null),
            ('s', { } bottle) => (model with { Dialog = Stop(bottle, keep: false) }, null),
            ('S', { } bottle) => (model with { Dialog = Stop(bottle, keep: true) }, null),
            _ => (model, null),
        };
    }

    private static Dialog.Question Stop(BottleFacts bottle, bool keep) => new(
        $"Stop {bottle.Identity}",
        [$"agent {bottle.Agent}, {bottle.Standing}", "", keep ? "The agent ends; containers and networks go, the state stays, to be gone on with." : "The agent ends; containers, networks and state go. Its records stay."],
        keep ? "Stop it and keep its state? [y/N]" : "Stop it? [y/N]", new Wish.Stop(bottle.Identity, keep));
}
