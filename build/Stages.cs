namespace Bottle.Build;

/// <summary>The stages of a launch in the order in which they run, and what groups them. Their dependencies are attributes on Tasks/*.</summary>
internal static class Stages
{
    /// <summary>From manifest to agent.</summary>
    internal static IReadOnlyList<string> Launch { get; } =
    [
        nameof(Tasks.ResolveManifest), nameof(Tasks.Preflight), nameof(Tasks.MintIdentity), nameof(Tasks.MintCertificates), nameof(Tasks.RenderPipelock), nameof(Tasks.RenderEgress),
        nameof(Tasks.RenderGitGate), nameof(Tasks.RenderSupervise), nameof(Tasks.RenderAgent), nameof(Tasks.WriteCompose), nameof(Tasks.CopyWorkspace), nameof(Tasks.BuildImages), nameof(Tasks.ComposeUp), nameof(Tasks.Prove), nameof(Tasks.Provision), nameof(Tasks.Attach),
    ];

    /// <summary>Those whose files the containers see.</summary>
    internal static IReadOnlyList<string> Files { get; } =
    [
        nameof(Tasks.MintCertificates), nameof(Tasks.RenderPipelock), nameof(Tasks.RenderEgress), nameof(Tasks.RenderGitGate), nameof(Tasks.RenderSupervise), nameof(Tasks.RenderAgent), nameof(Tasks.WriteCompose),
    ];

    /// <summary>From a running bottle to nothing; each needs an identity and nothing else.</summary>
    internal static IReadOnlyList<string> Teardown { get; } = [nameof(Tasks.SaveWork), nameof(Tasks.DumpLogs), nameof(Tasks.ComposeDown), nameof(Tasks.Cleanup)];

    /// <summary>Targets that tear down when the agent has ended.</summary>
    internal static IReadOnlyList<string> WholeRuns { get; } = [nameof(Tasks.Start), nameof(Tasks.Resume), nameof(Tasks.Keep)];

    /// <summary>Whether a task is a stage, whose end is worth a line.</summary>
    internal static bool IsStage(string task) => Launch.Contains(task) || Teardown.Contains(task);

    /// <summary>The stage after this one, or null.</summary>
    internal static string? Next(string stage) => Launch.Concat(Teardown).SkipWhile(name => name != stage).Skip(1).FirstOrDefault();
}
