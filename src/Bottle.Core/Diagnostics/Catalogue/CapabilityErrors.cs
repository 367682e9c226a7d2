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
}
