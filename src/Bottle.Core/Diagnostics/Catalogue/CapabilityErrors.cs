using System.Globalization;

namespace Bottle.Core.Diagnostics.Catalogue;

/// <summary>The words of capability changes (SPEC K5), phase 7. One method a code; a number is never reused.</summary>
public static class CapabilityErrors
{
    /// <summary>BTL7401: a step that cannot be run.</summary>
    public static Diagnostic BadStep(int number, string step, string problem) => new()
    {
        Code = "BTL7401",
        Message = string.Create(CultureInfo.InvariantCulture, $"step {number} '{InertText.Excerpt(step)}' is refused: {InertText.Line(problem)}"),
        Why = "a step is one line that a person reads as it is run: another image, files from elsewhere, mounts and what goes on in a next line are none",
        Fix = "reject the proposal with this reason, so that the agent asks otherwise: 'RUN command' or 'ENV NAME=value'",
    };

    /// <summary>BTL7402: a step ended with an error.</summary>
    public static Diagnostic StepFailed(int number, string step, int exitCode, IReadOnlyList<string> lines) => new()
    {
        Code = "BTL7402",
        Message = string.Create(CultureInfo.InvariantCulture, $"step {number} '{InertText.Excerpt(step)}' ended with exit code {exitCode}: {InertText.Line(string.Join(" | ", lines))}"),
        Why = "steps run one after the other; what the ones before it did is thrown away, and the agent's image and run are as they were",
        Fix = "a step reaches only what the bottle's routes let through: a package needs its registry (egress.presets); the agent has been told what failed",
    };

    /// <summary>BTL7403: the steps did not end.</summary>
    public static Diagnostic TookTooLong(TimeSpan limit) => new()
    {
        Code = "BTL7403",
        Message = string.Create(CultureInfo.InvariantCulture, $"the steps did not end within {limit.TotalMinutes:0} minutes"),
        Why = "a step that waits for something would hold the bottle for ever; the agent's image and run are as they were",
        Fix = "reject the proposal, or put the steps into the agent's Dockerfile",
    };

    /// <summary>BTL7404: the record of the run's own image cannot be read.</summary>
    public static Diagnostic RecordUnreadable(string path, string reason) => new()
    {
        Code = "BTL7404",
        Message = $"{path} cannot be read: {InertText.Line(reason)}",
        Why = "it says which image the run goes on with",
        Fix = "remove the run with --target=Cleanup, and start the agent anew",
    };

    /// <summary>BTL7405: the conversation cannot be taken out of the container.</summary>
    public static Diagnostic TranscriptUnreadable(string reason) => new()
    {
        Code = "BTL7405",
        Message = $"the agent's conversation cannot be kept: {InertText.Line(reason)}",
        Why = "the run would go on with the new image and without its memory; it is as it was, with the image that it has",
        Fix = "let the agent end, or reject the proposal",
    };

    /// <summary>BTL7406: the conversation cannot be put back.</summary>
    public static Diagnostic TranscriptNotRestored(IReadOnlyList<string> lines) => new()
    {
        Code = "BTL7406",
        Message = $"the agent's conversation cannot be put into its new container: {InertText.Line(string.Join(" | ", lines))}",
        Why = "the agent would begin without its memory",
        Fix = "the image needs 'sh', 'base64' and 'tar'; the conversation stays in the run's state until Cleanup",
    };

    /// <summary>BTL7407: the run's own image is gone.</summary>
    public static Diagnostic ImageGone(string image, string identity) => new()
    {
        Code = "BTL7407",
        Message = $"image {image} of run '{identity}' is gone",
        Why = "approved steps made it behind the bottle's egress; nothing else can make it again",
        Fix = $"start the agent anew; what the image was made of stands in state/{identity}/{Planning.StateLayout.RunDockerfile}",
    };

    /// <summary>BTL7408: a proposal of another kind of approval.</summary>
    public static Diagnostic NotLikeARoute(string id) => new()
    {
        Code = "BTL7408",
        Message = $"proposal '{InertText.Excerpt(id)}' asks for changes of the agent's image: there is no route to lease or to edit",
        Why = "its steps are run as they are shown, or not at all",
        Fix = "approve it without --lease and --edit, or reject it with a reason",
    };

    /// <summary>BTL7409: the engine does not see what a container of this runtime changes.</summary>
    public static Diagnostic ChangesHidden(string runtime) => new()
    {
        Code = "BTL7409",
        Message = $"the steps are not run: under '{runtime}', as this engine has it, what they change would not become part of the image",
        Why = "gVisor keeps changes of the root file system to itself by default, where a commit does not find them; nothing has changed",
        Fix = "give runsc '--overlay2=none' in the engine's daemon.json (runtimes: runsc: runtimeArgs) and restart the engine, or write 'runtime: runc' and start the agent anew",
    };
}
