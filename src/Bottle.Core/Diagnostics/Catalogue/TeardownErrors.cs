namespace Bottle.Core.Diagnostics.Catalogue;

/// <summary>Teardown and cleanup: BTL8xxx.</summary>
public static class TeardownErrors
{
    /// <summary>The project's name carries objects of another home.</summary>
    public static Diagnostic ProjectOfAnotherHome(string project) => new()
    {
        Code = "BTL8101",
        Message = $"Compose project '{project}' belongs to another home",
        Why = "teardown acts on what carries the label of its own home only",
        Fix = "run Cleanup with the CLAUDE_BOTTLE_HOME that started it",
    };

    /// <summary>Something could not be removed.</summary>
    public static Diagnostic ProjectRemains(string project, IReadOnlyList<string> lastLines) => new()
    {
        Code = "BTL8102",
        Message = $"not everything of Compose project '{project}' could be removed",
        Why = string.Join('\n', lastLines),
        Fix = "run --target=Cleanup again",
    };

    /// <summary>A step of the removal failed for a reason of the host.</summary>
    public static Diagnostic StepFailed(string reason) => new()
    {
        Code = "BTL8103",
        Message = "not everything of a run could be removed",
        Why = reason,
        Fix = "mend the reason and run --target=Cleanup again",
    };
}
