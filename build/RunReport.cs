using System.Text.Json;
using Bottle.Build.Runs;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Build;

/// <summary>Says how a run ended, once, in the form asked for: carets for people, one document for programs; a stack trace only with <c>--verbosity=diagnostic</c>.</summary>
internal sealed class RunReport(BottleContext context)
{
    /// <summary>Says a failure, and after it what else went wrong because of it.</summary>
    internal void Say(Exception failure, Exception? then = null)
    {
        context.Console.Error(DiagnosticText.Render([.. Diagnose(failure), .. then is null ? [] : Diagnose(then)], context.Manifests.TextOf, context.Console.Colour));
        if (context.Arguments.HasVerbosity("diagnostic")) context.Console.Error(failure.ToString());
    }

    internal void Json(Exception failure) => Json([.. Diagnose(failure)]);

    internal void Json(params IReadOnlyList<Diagnostic> diagnostics)
    {
        // A task whose document says what is wrong has written it.
        if (!context.Arguments.Json || context.Console.Data.IsUsed) return;
        context.Console.Data.WriteLine(RunJson.Document(json =>
        {
            json.WritePropertyName("error");
            DiagnosticJson.Write(json, diagnostics[0]);
            json.WriteStartArray("diagnostics");
            foreach (var diagnostic in diagnostics) DiagnosticJson.Write(json, diagnostic);
            json.WriteEndArray();
        }));
    }

    /// <summary>The result of a target that has no document of its own: <c>{"target", "identity"}</c>, the identity where there is one, so that a program can go on with it.</summary>
    internal void JsonDone(string target)
    {
        if (!context.Arguments.Json || context.Console.Data.IsUsed) return;
        context.Console.Data.WriteLine(RunJson.Document(json =>
        {
            json.WriteString("target", target);
            if ((context.Launch.Identity ?? context.Arguments.Bottle) is { } identity) json.WriteString("identity", identity);
        }));
    }

    /// <summary>The result of a run whose agent ended: <c>{"identity", "agent_exit"}</c>.</summary>
    internal void Json(string identity, int agentExit)
    {
        if (context.Arguments.Json) context.Console.Data.WriteLine(JsonSerializer.Serialize(new { identity, agent_exit = agentExit }));
    }

    /// <summary>The result of a run that goes on without this process: <c>{"identity", "detached": true}</c>.</summary>
    internal void JsonDetached(string identity)
    {
        if (context.Arguments.Json) context.Console.Data.WriteLine(JsonSerializer.Serialize(new { identity, detached = true }));
    }

    internal static int CodeOf(Exception failure) => failure is BottleException bottle ? bottle.ExitCode : InternalErrors.Unexpected(failure).ExitCode;

    private static IReadOnlyList<Diagnostic> Diagnose(Exception failure) =>
        failure is BottleException bottle ? bottle.Diagnostics : [InternalErrors.Unexpected(failure)];
}
