"""What the product says in linked data: published decisions for everybody, reports and cases for those who may see them."""
