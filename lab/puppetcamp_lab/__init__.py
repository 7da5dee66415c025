"""What JupyterLab itself needs in a seat of a puppetcamp."""
