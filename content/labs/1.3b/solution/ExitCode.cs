namespace Formation.ScaledConsumer;

/// <summary>Codes de sortie : c'est par eux que Kubernetes sait pourquoi le conteneur s'est arrêté.</summary>
public static class ExitCode
{
    /// <summary>Arrêt demandé (SIGTERM, Ctrl+C), mené à bien.</summary>
    public const int Success = 0;

    /// <summary>Arrêt sur une erreur : ce qui n'est pas stocké sera relu au redémarrage.</summary>
    public const int Failed = 1;

    /// <summary>Un réglage est absent, mal formé ou refusé par librdkafka.</summary>
    public const int BadConfiguration = 2;
}
