using Bottle.Dashboard.Model;

namespace Bottle.Dashboard.Updating;

/// <summary>The keys, in words: those at the foot of the screen, and all of them.</summary>
public static class Help
{
    private static readonly (string Key, string Meaning)[] Everywhere =
    [
        ("1 … 5, Tab", "another page: bottles, proposals, traffic, logs, launch"),
        ("← →", "another bottle"),
        ("?", "this help; any key closes it"),
        ("q, Ctrl-C", "leave; bottles run on"),
    ];

    /// <summary>The most important keys of what is shown, for the foot of the screen.</summary>
    public static string Foot(DashboardModel model) => model.Dialog switch
    {
        Dialog.Reader => "↑↓ read  any other key closes",
        Dialog.Question => "↑↓ read  y yes  any other key: no",
        Dialog.Entry => "Enter takes it  Esc leaves it",
        Dialog.Work work when model.WorkUnderWay(work.Identity) is not null => "↑↓ read  any other key closes; the steps go on",
        Dialog.Work => "↑↓ read  any other key closes",
        _ => $"{string.Join("  ", Keys(model.Page).Take(5).Select(key => $"{key.Key} {key.Short}"))}  1-5 page  ? help  q quit",
    };

    /// <summary>All keys of a page, to be read.</summary>
    public static Dialog Of(Page page) => new Dialog.Reader("Keys",
        [.. Keys(page).Select(key => (key.Key, key.Meaning)).Concat(Everywhere).Select(key => $"{key.Key,-12}{key.Meaning}"), "",
            "Everything here goes through the same code as Proposals, Approve, Reject,", "EditRoutes and Stop, and is recorded in the same audit log.",
            "Text from agents is shown inert. After kill -9 the terminal needs 'reset'."]);

    private static (string Key, string Short, string Meaning)[] Keys(Page page) => page switch
    {
        Page.Proposals =>
        [
            ("a", "approve", "show exactly what granting would change, and ask"),
            ("e", "edit", "write another route in $EDITOR, then show and ask"),
            ("l", "lease", "grant for a time or a number of requests"),
            ("r", "reject", "refuse with a reason that the agent reads"),
            ("↑↓", "choose", "another question; PgUp and PgDn scroll it"),
        ],
        Page.Traffic =>
        [
            ("space", "pause", "stop the page, and go on"),
            ("⏎", "explain", "which layer answered the chosen request, and why"),
            ("/", "filter", "only requests with these words, without !words; Esc shows all"),
            ("h", "hosts", "sums by host, and back to single requests"),
            ("b", "all/one", "requests of all bottles, or of the chosen one"),
            ("↑↓", "choose", "a request; this stops the page"),
        ],
        Page.Logs =>
        [
            ("↑↓", "scroll", "back and forth; Home the oldest, End follows again"),
            ("/", "filter", "only lines that hold this; Esc shows all"),
            ("w", "wrap", "long lines whole, in several lines, or cut"),
        ],
        _ =>
        [
            ("↑↓", "choose", "another bottle"),
            ("⏎", "traffic", "its requests"),
            ("e", "routes", "its route table in $EDITOR, then show and ask"),
            ("s", "stop", "end it and remove it; S keeps its state"),
            ("x", "extend", "give it more of its budget; ! is 80 % of it, !! all"),
            ("c", "image", "how the change of its image that you approved goes, or went"),
        ],
    };
}
