// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { CopyId, ModelId } from "../src/Types.sol";
import { Terms } from "../src/interfaces/IModelRegistry.sol";
import { BaseTest } from "./helpers/BaseTest.sol";

/// @notice A grandparent is paid through a diamond, once for each path:
///
///            root (CREATOR)
///          20 %      10 %
///      left (HOLDER)  right (STRANGER)
///          20 %      10 %
///            child (DERIVER)
contract StoryTest is BaseTest {
    function test_default_aDiamondPaysEachPath() public {
        ModelId root = _register(CREATOR, _termsWith(2000, DERIVE | FREE_TO_DERIVE), _refs());
        ModelId left = _register(HOLDER, _termsWith(2000, DERIVE | FREE_TO_DERIVE), _refs(root));
        vm.prank(CREATOR);
        registry.setTerms(root, _termsWith(1000, DERIVE | FREE_TO_DERIVE));
        ModelId right = _register(STRANGER, _termsWith(1000, DERIVE | FREE_TO_DERIVE), _refs(root));
        Terms memory terms = _terms();
        terms.price = 100e6;
        ModelId child = _register(DERIVER, terms, _refs(left, right));

        CopyId copyId = _active(BUYER, child);
        _flow(child, left, 18e6);
        _flow(child, right, 9e6);
        _flow(left, root, 3.6e6);
        _flow(right, root, 0.9e6);

        _claim(child, DERIVER, 63e6);
        _claim(left, HOLDER, 14.4e6);
        _claim(right, STRANGER, 8.1e6);
        _claim(root, CREATOR, 4.5e6);
        vm.assertEq(treasury.claimCredit(PROTOCOL), 2.5e6, "protocol");
        vm.assertEq(treasury.claimCredit(PROVERS), 2.5e6, "provers");
        vm.assertEq(treasury.claimCredit(MINTER), 5e6, "minter");
        vm.assertEq(usd.balanceOf(address(treasury)), 0, "100 USDC came in and 100 USDC went out");

        vm.prank(BUYER);
        copyRegistry.close(copyId);
        vm.warp(START + THAW);
        copyRegistry.withdraw(copyId);
        vm.assertEq(usd.balanceOf(BUYER), 50e6, "the collateral came back");
        vm.assertEq(usd.balanceOf(address(copyRegistry)), 0, "nothing stayed");
    }

    function _flow(ModelId child, ModelId parent, uint256 amount) private {
        vm.assertEq(treasury.flow(child, parent), amount, "flow");
    }

    function _claim(ModelId id, address account, uint256 amount) private {
        vm.assertEq(treasury.claim(id, account), amount, "claim");
    }
}
