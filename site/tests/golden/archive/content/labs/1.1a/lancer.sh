echo "prêt"
