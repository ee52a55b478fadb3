namespace BlueGreen.Agent.Releases.Sources;

/// <summary>Where a symbolic link of a tree leads, decided from the entries alone, before the link exists on disk.</summary>
internal static class LinkTarget
{
    /// <summary>As many links in a row as Linux follows, path_resolution(7).</summary>
    private const int MostHops = 40;

    /// <summary>
    /// Whether a link, and every other link of the tree it passes through, stays below the tree's top. A target that does not
    /// exist is fine (a program may make it); a loop is not.
    /// </summary>
    public static bool StaysInside(ReleaseTree tree, string path, string target)
    {
        var place = new Stack<string>(path.Split('/').SkipLast(1));
        var rest = new Stack<string>();
        int hops = 0;
        if (!Push(rest, target))
        {
            return false;
        }

        while (rest.TryPop(out string? step))
        {
            switch (step)
            {
                case "" or ".":
                    continue;
                case "..":
                    if (!place.TryPop(out _))
                    {
                        return false;
                    }

                    continue;
                default:
                    place.Push(step);
                    break;
            }

            if (tree.Find(string.Join('/', place.Reverse())) is { Kind: TreeEntryKind.Link, Content: var next })
            {
                place.Pop();
                if (++hops > MostHops || !Push(rest, next))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool Push(Stack<string> rest, string target)
    {
        foreach (string step in target.Split('/').Reverse())
        {
            rest.Push(step);
        }

        return !target.StartsWith('/');
    }
}
