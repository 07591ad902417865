namespace Formation.Shop.Messaging;

/// <summary>Codes de sortie : c'est par eux que Kubernetes sait pourquoi un conteneur s'est arrêté.</summary>
public static class ExitCode
{
    /// <summary>Arrêt demandé, et propre.</summary>
    public const int Success = 0;

    /// <summary>Le service ne pouvait plus continuer sans risque.</summary>
    public const int Failure = 1;

    /// <summary>Un réglage est absent, mal formé ou refusé par librdkafka.</summary>
    public const int BadConfiguration = 2;
}
