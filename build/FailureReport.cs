using System.Text;
using System.Text.Json;
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
        if (!context.Arguments.Json) return;
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WritePropertyName("error");
            DiagnosticJson.Write(json, diagnostics[0]);
            json.WriteStartArray("diagnostics");
            foreach (var diagnostic in diagnostics) DiagnosticJson.Write(json, diagnostic);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        context.Console.Data.WriteLine(Encoding.UTF8.GetString(buffer.ToArray()));
    }

    internal static int CodeOf(Exception failure) => failure is BottleException bottle ? bottle.ExitCode : InternalErrors.Unexpected(failure).ExitCode;

    private static IReadOnlyList<Diagnostic> Diagnose(Exception failure) =>
        failure is BottleException bottle ? bottle.Diagnostics : [InternalErrors.Unexpected(failure)];
}
