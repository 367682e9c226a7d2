using System.Globalization;
using Bottle.Contracts.Supervision;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Bottle.Supervise.Tools;

/// <summary>Tells a client how its question stands: progress notifications, which people see and which keep the client from giving up.</summary>
/// <param name="server">Where the request came from.</param>
/// <param name="token">What the client calls its progress; null when it wants none.</param>
internal sealed class WaitReport(McpServer server, ProgressToken? token)
{
    private int _count;

    /// <summary>Sends one.</summary>
    public Task SendAsync(string id, AnswerDecision? decision, TimeSpan elapsed, CancellationToken cancellationToken) => token is { } wanted
        ? server.NotifyProgressAsync(wanted, new ProgressNotificationValue { Progress = ++_count, Message = Text(id, decision, elapsed) }, cancellationToken: cancellationToken)
        : Task.CompletedTask;

    private static string Text(string id, AnswerDecision? decision, TimeSpan elapsed)
    {
        var state = decision switch
        {
            null => "waiting for the operator",
            AnswerDecision.ApprovedWithChanges => "approved with changes; being applied",
            _ => "approved; being applied",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{state} ({elapsed.TotalSeconds:0} s), proposal {id}");
    }
}
