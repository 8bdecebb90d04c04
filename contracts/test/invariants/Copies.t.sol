// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Vm } from "../helpers/Vm.sol";
import { Minting } from "./Minting.sol";

/// @notice Invariants of copies and minters under random calls (numbers shared with the other files):
///
///  1. The copy registry holds exactly the prices and fees in escrow and the collateral. The minter registry holds
///     exactly the bonds.
///  4. The fields fixed by an order never change.
///  7. Every account gets out of every state, even if others never act, and no money stays behind.
/// 13. What is left of a leak bond is never less than its schedule says, and can be taken until the last second.
/// 15. Nobody's bond is at stake for work that it did not accept: a bond loses the penalties of quotes that its minter
///     signed, each once, and what it reserves is what open orders were promised.
contract CopiesInvariants {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    Minting private minting;

    function setUp() public {
        minting = new Minting();
        minting.setUp();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(minting);
    }

    function excludeSelectors() public view returns (FuzzSelector[] memory excluded) {
        excluded = new FuzzSelector[](1);
        bytes4[] memory selectors = new bytes4[](2);
        (selectors[0], selectors[1]) = (Minting.windDown.selector, bytes4(keccak256("setUp()")));
        excluded[0] = FuzzSelector(address(minting), selectors);
    }

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function invariant_copies() public view {
        vm.assertEq(minting.broken(), "", "15. quotes");
        vm.assertEq(minting.inRegistry(), minting.held(), "1. escrow and collateral");
        uint256 bonds;
        for (uint256 i; i < 3; ++i) {
            address minter = minting.minter(i);
            (uint256 bond, uint256 reserved) = minting.bondOf(minter);
            vm.assertEq(bond, minting.bondLeft(minter), "15. a bond loses what its minter signed");
            vm.assertEq(reserved, minting.promised(minter), "15. what is reserved was promised");
            vm.assertLe(reserved, bond, "15. and covered");
            bonds += bond;
        }
        vm.assertEq(minting.inMinters(), bonds, "1. bonds");
        vm.assertTrue(minting.keepsOrders(), "4. the order is unchanged");
        vm.assertTrue(minting.keepsLeakBonds(), "13. leak bonds");
    }

    function afterInvariant() public {
        minting.windDown();
        vm.assertEq(minting.inRegistry(), 0, "7. no collateral is left");
        vm.assertEq(minting.inMinters(), 0, "7. no bond is left");
    }
}
