namespace Madang.Trust.Privacy;

/// <summary>The letters of the mail folder; nothing else in it is touched.</summary>
internal static class LetterFiles
{
    /// <summary>Deletes letters written before a moment and answers how many. By the clock of the disk, which is all that a file knows.</summary>
    public static int Delete(string folder, DateTimeOffset before, int most)
    {
        if (!Directory.Exists(folder))
        {
            return 0;
        }

        var over = Directory.EnumerateFiles(folder, "*.eml").Where(file => File.GetLastWriteTimeUtc(file) <= before.UtcDateTime).Take(most).ToList();
        over.ForEach(File.Delete);
        return over.Count;
    }
}
