// Carries plotly to the page once; shows nothing.
export default { render() {} };
