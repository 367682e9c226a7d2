using System.Text;
using Bottle.Core.Diagnostics;

namespace Bottle.Core.Explaining;

/// <summary>An explanation for people; nothing in it steers a terminal.</summary>
public static class ExplanationText
{
    private const int Column = 12;

    /// <summary>The text, LF line ends.</summary>
    public static string Render(Explanation explanation)
    {
        var text = new StringBuilder();
        text.Append(InertText.Line($"{explanation.Method} {explanation.Url} is {(explanation.IsAllowed ? "allowed" : "denied")}")).Append("\n\n");
        foreach (var layer in explanation.Layers)
        {
            text.Append($"  {layer.Layer.PadRight(Column)}{InertText.Line(layer.Answer)}\n");
            if (layer.Where is { } where)
                text.Append($"  {"".PadRight(Column)}at {InertText.Line(where.ToString())}\n");
        }

        if (explanation.Advice is not { } advice)
            return text.ToString();
        text.Append($"\n{InertText.Line(advice.Text)}\n");
        if (advice.Route is null)
            return text.ToString();
        foreach (var line in advice.Route.TrimEnd('\n').Split('\n'))
            text.Append($"    {InertText.Line(line)}\n");
        text.Append("Beside that request it would let through:\n");
        foreach (var sentence in advice.AlsoAllows)
            text.Append($"  - {InertText.Line(sentence)}\n");
        return text.ToString();
    }
}
