using Bottle.Build.Console;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Build;

/// <summary>Says a failure once, in the form asked for: carets for people, one document for programs; a stack trace only with <c>--verbosity=diagnostic</c>.</summary>
internal sealed class FailureReport(BottleContext context)
{
    internal void Say(Exception failure)
    {
        var text = string.Join("\n\n", Diagnose(failure).Select(diagnostic => DiagnosticText.Render(diagnostic, context.Manifests.TextOf, context.Console.Colour)));
        context.Console.Error(text);
        if (context.Arguments.HasVerbosity("diagnostic")) context.Console.Error(failure.ToString());
    }

    internal void Json(Exception failure) => Json([.. Diagnose(failure)]);

    internal void Json(params IReadOnlyList<Diagnostic> diagnostics)
    {
        if (context.Arguments.Json) context.Console.Data.WriteLine(DiagnosticJson.Render(diagnostics));
    }

    internal static int CodeOf(Exception failure) => failure is BottleException bottle ? bottle.ExitCode : InternalErrors.Unexpected(failure).ExitCode;

    private static IReadOnlyList<Diagnostic> Diagnose(Exception failure) =>
        failure is BottleException bottle ? bottle.Diagnostics : [InternalErrors.Unexpected(failure)];
}
