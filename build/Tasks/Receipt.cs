using System.Text;
using Bottle.Build.Doors;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.Receipts;
using Bottle.Host.State;
using Cake.Frosting;

namespace Bottle.Build.Tasks;

/// <summary>Shows the receipt of a run that is over (SPEC N6); as JSON it is the file itself, byte for byte. Only looks.</summary>
[TaskDescription("Shows the receipt of a run that is over (--bottle)")]
[Takes("bottle")]
internal sealed class Receipt : FrostingTask<BottleContext>
{
    public override void Run(BottleContext context)
    {
        var path = PathOf(context, nameof(Receipt));
        var (receipt, sha256, isAsWritten) = ReceiptCheck.Read(path, () => Missing(context));
        if (!isAsWritten) throw new BottleException(ViewErrors.ReceiptBroken(path, ["its own hash does not fit: it is not as it was written"]));
        context.Console.Data.WriteLine(context.Arguments.Json ? File.ReadAllText(path, Encoding.UTF8).TrimEnd('\n') : ReceiptText.Render(receipt, sha256));
    }

    /// <summary>The receipt of <c>--bottle</c>, which the command needs.</summary>
    internal static string PathOf(BottleContext context, string target) => Path.Combine(
        context.Home.Runs(context.Arguments.Bottle ?? throw new BottleException(CommandLineErrors.MissingArgument("bottle", target, $"dotnet cake --target={target} --bottle=demo-k3x9a"))), RunRecords.Receipt);

    /// <summary>Why there is none.</summary>
    internal static Diagnostic Missing(BottleContext context) => ViewErrors.NoReceipt(context.Arguments.Bottle ?? "", context.Arguments.Bottle is { } identity && context.Store.IsHeld(identity));
}
