using Bottle.Dashboard.Model;

namespace Bottle.Dashboard.View;

/// <summary>A change of a run's image in words.</summary>
internal static class WorkView
{
    /// <summary>How it stands, and for how long or how long it took.</summary>
    public static string Standing(DashboardModel model, ImageWork work)
    {
        var took = DashboardView.Ago(work.Ended ?? model.Now, work.Began);
        return work.State switch
        {
            WorkState.UnderWay => $"under way for {took}",
            WorkState.Made => $"made in {took}",
            _ => $"failed after {took}",
        };
    }

    /// <summary>The colour that helps.</summary>
    public static Spectre.Console.Style Tone(ImageWork work) => work.State switch { WorkState.UnderWay => Tones.Wait, WorkState.Made => Tones.Good, _ => Tones.Bad };
}
